package lib.images_test

import data.lib.images

_digest := "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

test_normalises_names if {
	every image, want in {
		"lamp": "docker.io/library/lamp",
		"lamp:1.2": "docker.io/library/lamp:1.2",
		"acme/lamp": "docker.io/acme/lamp",
		"docker.io/lamp": "docker.io/library/lamp",
		"docker.io/acme/lamp:1": "docker.io/acme/lamp:1",
		"index.docker.io/lamp": "docker.io/library/lamp",
		"ghcr.io/acme/lamp": "ghcr.io/acme/lamp",
		"ghcr.io/lamp": "ghcr.io/lamp",
		"localhost/lamp": "localhost/lamp",
		"localhost:5000/lamp:1": "localhost:5000/lamp:1",
		"registry:5000/acme/lamp": "registry:5000/acme/lamp",
		"registry/acme/lamp": "docker.io/registry/acme/lamp",
		"[::1]:5000/lamp": "[::1]:5000/lamp",
		"lamp.v2": "docker.io/library/lamp.v2",
		"localhost:5000": "docker.io/library/localhost:5000",
	} {
		images.normalised(image) == want
	}
}

test_keeps_digests if {
	every image, want in {
		"lamp@": "docker.io/library/lamp@",
		"lamp:1@": "docker.io/library/lamp:1@",
		"ghcr.io/acme/lamp@": "ghcr.io/acme/lamp@",
		"registry:5000/lamp:1@": "registry:5000/lamp:1@",
	} {
		images.normalised(concat("", [image, _digest])) == concat("", [want, _digest])
	}
}

test_parses_all_parts if {
	images.parse(sprintf("registry:5000/acme/lamp:1@%s", [_digest])) == {
		"registry": "registry:5000",
		"repository": "acme/lamp",
		"tag": "1",
		"digest": _digest,
	}
	images.parse("lamp") == {
		"registry": "docker.io",
		"repository": "library/lamp",
		"tag": "",
		"digest": "",
	}
}

test_names_leave_out_tag_and_digest if {
	images.name(sprintf("ghcr.io/acme/lamp:1@%s", [_digest])) == "ghcr.io/acme/lamp"
}

test_tails_are_of_whole_segments if {
	images.tails("mirror/acme/lamp") == ["mirror/acme/lamp", "acme/lamp", "lamp"]
}

test_covers if {
	every pair in [
		["ghcr.io/", "ghcr.io/acme/lamp:1"],
		["ghcr.io", "ghcr.io/acme/lamp:1"],
		["quay.io/acme/", "quay.io/acme/lamp"],
		["quay.io/acme", "quay.io/acme/lamp"],
		["quay.io/acme/lamp", "quay.io/acme/lamp:1"],
		["acme/", "docker.io/acme/lamp"],
		["docker.io/acme/", "acme/lamp"],
		["index.docker.io/acme/", "acme/lamp"],
		["docker.io/", "lamp"],
		["docker.io", "lamp"],
		["library/", "lamp"],
		["lamp", "docker.io/library/lamp:1"],
		["docker.io/lamp", "lamp:1"],
		["localhost", "localhost/lamp"],
		["localhost:5000", "localhost:5000/lamp"],
		["registry:5000/", "registry:5000/acme/lamp"],
		["registry.example.org:5000", "registry.example.org:5000/lamp"],
		["ghcr.io/acme/lamp:1", "ghcr.io/acme/lamp:1"],
		["lamp:1.2", "docker.io/library/lamp:1.2"],
	] {
		images.covers(pair[0], pair[1])
	}
}

test_does_not_cover if {
	every pair in [
		["ghcr.io", "ghcr.io.evil.example.net/lamp"],
		["ghcr.io/", "ghcr.io.evil.example.net/lamp"],
		["ghcr.io/", "evil.example.net/ghcr.io/lamp"],
		["ghcr.io", "ghcr.io:5000/lamp"],
		["quay.io/acme", "quay.io/acmeevil/lamp"],
		["quay.io/acme/", "quay.io/acmeevil/lamp"],
		["quay.io/acme/lamp", "quay.io/acme/lampshade"],
		["quay.io/acme/", "quay.io/acme"],
		["acme/", "ghcr.io/acme/lamp"],
		["lamp", "ghcr.io/lamp"],
		["lamp", "acme/lamp"],
		["lamp", "lamp/shade"],
		["library/", "acme/lamp"],
		["ghcr.io/acme/lamp:1", "ghcr.io/acme/lamp:2"],
		["ghcr.io/acme/lamp:1", "ghcr.io/acme/lamp"],
		["ghcr.io/acme/lamp:1", "ghcr.io/acme/lamp:1/shade"],
		["ghcr.io", "library/ghcr.io/lamp"],
		["registry:5000", "registry:5000"],
		["", "lamp"],
		["/", "lamp"],
		["ghcr.io//", "ghcr.io/lamp"],
	] {
		not images.covers(pair[0], pair[1])
	}
}

test_covers_by_digest_what_has_it if {
	pinned := sprintf("lamp:1@%s", [_digest])
	images.covers(pinned, pinned)
	images.covers(sprintf("lamp@%s", [_digest]), sprintf("lamp@%s", [_digest]))
	not images.covers(sprintf("lamp@%s", [_digest]), "lamp")
	not images.covers(sprintf("lamp@%s", [_digest]), "lamp/shade")
}
