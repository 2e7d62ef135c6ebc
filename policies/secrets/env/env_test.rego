package policies.secrets.env_test

import data.lib.workloads_test.deployment
import data.lib.workloads_test.lamp
import data.policies.secrets.env

failing := lamp({"env": [{"name": "KEY", "valueFrom": {"secretKeyRef": {"name": "lamp", "key": "key"}}}]})

mended := deployment({
	"containers": [{
		"name": "lamp",
		"image": "registry.example.org/lamp:1.4.2",
		"volumeMounts": [{"name": "secrets", "mountPath": "/run/lamp", "readOnly": true}],
	}],
	"volumes": [{"name": "secrets", "secret": {"secretName": "lamp"}}],
})

test_denies_variables if {
	env.deny == {{
		"msg": "container \"lamp\" has key key of Secret lamp in its environment",
		"at": ["spec", "template", "spec", "containers", 0, "env", 0, "valueFrom", "secretKeyRef"],
	}} with input.object as failing
}

test_denies_all_of_a_secret if {
	env.deny == {{
		"msg": "container \"lamp\" has all of Secret lamp in its environment",
		"at": ["spec", "template", "spec", "containers", 0, "envFrom", 0, "secretRef"],
	}} with input.object as lamp({"envFrom": [{"secretRef": {"name": "lamp"}}]})
}

test_allows_others if {
	env.deny == set() with input.object as mended
	env.deny == set() with input.object as lamp({
		"env": [{"name": "A", "value": "b"}, {"name": "A", "valueFrom": {"configMapKeyRef": {"name": "lamp"}}}],
		"envFrom": [{"configMapRef": {"name": "lamp"}}],
	})
}
