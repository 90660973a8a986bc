<?php

$conf['title'] = 'Acme Handbook';
$conf['savedir'] = getenv('WIKI_DATA') . '/data';
$conf['useacl'] = 1;
$conf['authtype'] = 'authheader';
$conf['superuser'] = '@admin';
$conf['disableactions'] = 'register';
$conf['updatecheck'] = 0;
$conf['useslash'] = 0;
// Seconds until a search finds a page: at once.
$conf['indexdelay'] = 0;
