# METADATA
# title: Names of container images
# description: Reads image names as Docker does and compares them with lists of registries and repositories.
package lib.images

# parse splits the name of an image as Docker reads it: a first segment that is no host means docker.io, and a single
# segment there means library/. Tag and digest are "" where the name has none.
parse(image) := {
	"registry": registry,
	"repository": _repository(registry, path),
	"tag": tag,
	"digest": digest,
} if {
	[rest, digest] := _cut(image, "@")
	segments := split(rest, "/")
	[last, tag] := _cut(segments[count(segments) - 1], ":")
	untagged := array.concat(array.slice(segments, 0, count(segments) - 1), [last])
	[registry, path] := _split_host(untagged)
}

# name is the full name of an image without tag and digest: docker.io/library/lamp.
name(image) := sprintf("%s/%s", [parsed.registry, parsed.repository]) if parsed := parse(image)

# normalised is the full name of an image with its tag and digest, where it has them: docker.io/library/lamp:1.
normalised(image) := concat("", [name(image), _suffix(":", parsed.tag), _suffix("@", parsed.digest)]) if {
	parsed := parse(image)
}

# tails are the repositories of which one at a path is, or is a copy below a mirror's: a/b/c, b/c and c.
tails(repository) := [concat("/", array.slice(segments, i, count(segments))) | some i, _ in segments] if {
	segments := split(repository, "/")
}

# covers says whether an entry of a list names an image. An entry that ends with a slash, or is a bare host, covers all
# that stands below it; one with a tag or digest covers that image alone; any other covers the repository and what
# stands below it. Only whole path segments count.
covers(entry, image) := startswith(name(image), _prefix(entry)) if {
	_is_prefix(entry)
} else := normalised(entry) == normalised(image) if {
	_is_exact(entry)
} else := startswith(sprintf("%s/", [name(image)]), sprintf("%s/", [name(entry)]))

_is_prefix(entry) if regex.match(`(/|^([^./:]+:[0-9]+|localhost|[^/:]*\.[^/:]*(:[0-9]+)?))$`, entry)

# _prefix is the full form of an entry that covers all below it, with one slash at its end.
_prefix(entry) := sprintf("%s/", [_canonical(segments[0])]) if {
	segments := split(trim_suffix(entry, "/"), "/")
	count(segments) == 1
	_is_host(segments[0])
} else := sprintf("%s/%s/", [registry, path]) if {
	[registry, path] := _split_host(split(trim_suffix(entry, "/"), "/"))
}

_is_exact(entry) if concat("", [parse(entry).tag, parse(entry).digest]) != ""

# _split_host gives the registry of a name's segments, and the rest as one path.
_split_host(segments) := [_canonical(segments[0]), concat("/", array.slice(segments, 1, count(segments)))] if {
	count(segments) > 1
	_is_host(segments[0])
} else := ["docker.io", concat("/", segments)]

_is_host("localhost")

_is_host(segment) if regex.match(`[.:]`, segment)

_canonical(host) := "docker.io" if {
	host == "index.docker.io"
} else := host

_repository(registry, path) := sprintf("library/%s", [path]) if {
	registry == "docker.io"
	not contains(path, "/")
} else := path

# _cut splits a text at the first separator; what stands behind is "" where there is none.
_cut(text, separator) := [substring(text, 0, i), substring(text, i + count(separator), -1)] if {
	i := indexof(text, separator)
	i >= 0
} else := [text, ""]

_suffix(separator, text) := concat("", [separator, text]) if {
	text != ""
} else := ""
