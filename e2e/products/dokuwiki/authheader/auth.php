<?php

/**
 * Signing in by the header that `countersign upstream set --user-header X-Remote-User` names: the hook that
 * DokuWiki has for systems that sign people in elsewhere.
 */
class auth_plugin_authheader extends DokuWiki_Auth_Plugin
{
    public function __construct()
    {
        parent::__construct();
        $this->cando['external'] = true;
        $this->success = true;
    }

    public function trustExternal($user, $pass, $sticky = false)
    {
        global $USERINFO;
        $who = $_SERVER['HTTP_X_REMOTE_USER'] ?? '';
        // Whom the wiki does not know, support does not become.
        if ($who !== 'dana@acme.test') {
            return false;
        }
        $USERINFO = $this->getUserData($who);
        $_SERVER['REMOTE_USER'] = $who;
        $_SESSION[DOKU_COOKIE]['auth']['user'] = $who;
        $_SESSION[DOKU_COOKIE]['auth']['info'] = $USERINFO;
        return true;
    }

    public function getUserData($user, $requireGroups = true)
    {
        return ['name' => 'Dana', 'mail' => $user, 'grps' => ['user', 'admin']];
    }
}
