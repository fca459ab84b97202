"""登录: who is at the door: passwords, second factors, sessions and activation."""
