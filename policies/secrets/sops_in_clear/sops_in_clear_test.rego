package policies.secrets.sops_in_clear_test

import data.policies.secrets.sops_in_clear

failing := {
	"apiVersion": "isindir.github.com/v1alpha3",
	"kind": "SopsSecret",
	"metadata": {"name": "database", "namespace": "shop"},
	"spec": {"secretTemplates": [{"name": "database", "stringData": {"password": "example"}}]},
}

mended := json.patch(failing, [{
	"op": "replace",
	"path": "/spec/secretTemplates/0/stringData/password",
	"value": "ENC[AES256_GCM,data:NbRfXGSlSQ==,iv:Zm9v,tag:YmFy,type:str]",
}])

_secret(templates) := {
	"apiVersion": "isindir.github.com/v1alpha3",
	"kind": "SopsSecret",
	"spec": {"secretTemplates": templates},
}

test_denies_every_key_in_clear if {
	sops_in_clear.deny == {
		{
			"msg": "key \"password\" of secretTemplates[1].stringData stands in clear",
			"at": ["spec", "secretTemplates", 1, "stringData", "password"],
		},
		{
			"msg": "key \"token\" of secretTemplates[1].data stands in clear",
			"at": ["spec", "secretTemplates", 1, "data", "token"],
		},
	} with input.object as _secret([
		{"name": "a", "stringData": {"password": "ENC[AES256_GCM,data:fake]"}},
		{"name": "b", "stringData": {"password": "fake"}, "data": {"token": "ZmFrZQ==", "other": "ENC[AES256_GCM,data:fake]"}},
	])
}

test_allows_what_is_encrypted if {
	sops_in_clear.deny == set() with input.object as _secret([{"name": "a", "labels": {"app": "a"}, "stringData": {"a": "ENC[AES256_GCM,data:fake]"}}])
}

test_allows_secrets_without_templates if {
	sops_in_clear.deny == set() with input.object as {"apiVersion": "isindir.github.com/v1alpha3", "kind": "SopsSecret", "spec": {}}
}
