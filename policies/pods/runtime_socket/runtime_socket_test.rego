package policies.pods.runtime_socket_test

import data.lib.workloads_test.deployment
import data.lib.workloads_test.pod
import data.policies.pods.runtime_socket

failing := deployment({
	"containers": [{"name": "lamp", "image": "registry.example.org/lamp:1.4.2"}],
	"volumes": [{"name": "docker", "hostPath": {"path": "/var/run/docker.sock", "type": "Socket"}}],
})

mended := json.remove(failing, ["/spec/template/spec/volumes"])

_messages(path) := {finding.msg | some finding in findings} if {
	findings := runtime_socket.deny with input.object as pod({"volumes": [{"name": "data", "hostPath": {"path": path}}]})
}

test_denies_sockets if {
	runtime_socket.deny == {{
		"msg": "volume \"docker\" is the socket of the container runtime: /var/run/docker.sock",
		"at": ["spec", "template", "spec", "volumes", 0, "hostPath", "path"],
	}} with input.object as failing
	every path in ["/run/containerd/containerd.sock", "/run/k3s/containerd/containerd.sock", "/var/run/crio/crio.sock", "/run/docker.sock/"] {
		_messages(path) == {sprintf("volume \"data\" is the socket of the container runtime: %s", [path])}
	}
}

test_allows_other_paths if {
	every path in ["/run", "/run/lamp.sock", "/srv/docker.sock.d", null] {
		_messages(path) == set()
	}
}
