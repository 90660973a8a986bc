<?php

// Where this wiki's own settings are; the package has them in /etc.
define('DOKU_MAIN_CONF', getenv('WIKI_PROGRAM') . '/etc/dokuwiki/');
define('DOKU_CONF', getenv('WIKI_DATA') . '/conf/');
