// parts are what a component says of itself, and what it consists of: each with what it means, for people, and what it is where
// nothing is said.
local field(says, otherwise) = { says: says, otherwise: otherwise };

{
  // about is the first argument of component.
  about: {
    name: field('its name', error 'a component has no name'),
    purpose: field('what it is for, in one line', error 'a component does not say its purpose'),
    brings: field('capabilities that it serves besides, unless another option is chosen for them, with the parameter, true or false, that says whether it does', {}),
    capability: field('the capability that it serves', ''),
    option: field('as which option of it', ''),
    tried: field('parameters with which it is tried, by tests and `make record`, where it does nothing without', {}),
    with: field('components that come along, and need no capability; Renovate brings new versions of all of them together', []),
    hub: field('it stands on the first cluster alone', false),
    params: field('what its parameters are, by name; `{type, says}` of one whose default, null, does not tell what it takes but a text', {}),
    enabled: field('it comes along without being asked for', false),
    gone: field('parameters that it had once, with what to write instead', {}),
    requires: field('the options of other capabilities with which alone it works, by capability', {}),
    when: field('the field of gitopsgen.yaml, a list, with which it comes along where that has something in it', ''),
  },

  // parts are what the function gives that builds it.
  parts: {
    agents: field('sentences for AGENTS.md: what those who change the repository must know', ''),
    attributes: field('what Git is to do with files, for `.gitattributes`: patterns, with their attributes', {}),
    charts: field("Helm charts, `{repo, name, version, releaseName, values, includeCRDs, apiVersions}`; users' `values` are merged over those of the first", []),
    clients: field('where people log in to it by OIDC: clients, as lib/login.libsonnet makes them (hidden: `clients::`). What serves authentication has those of all as `platform.clients`', []),
    crds: field('it brings CustomResourceDefinitions: they are guarded against deletion', false),
    decisions: field('what somebody must decide before it works, `{what, do}`: `gitopsgen doctor` tells of them', []),
    extras: field('objects for a second Application: what needs kinds that do not exist when the first is applied', {}),
    extrasStage: field('when extras come, as `stage`; five waves after the component where it does not say', null),
    extrasWave: field('the sync wave that follows from `extrasStage`', null),
    files: field("files of the repository, by path: texts. Where something is to stand in one file for all clusters, the hub's writes it", {}),
    folders: field("folders for the users' own files, by name: what stands in `clusters/<cluster>/<name>/` is deployed, in the stage `last`, so that nothing waits for it; the value says what it is for", {}),
    guarded: field('pages of its own that ask nobody who they are, `{name, namespace, service, port, pods, for}`: whatever guards pages may show them to those who log in, the groups of `admins` or also of `viewers`; `pods` selects those behind it (hidden: `guarded::`)', []),
    hosts: field('names in the DNS that lead to the ingress, for its pages: README.md lists them', []),
    ignored: field('what Git is never to track, for `.gitignore`: patterns, with what they are', {}),
    ignoreDifferences: field('as Argo CD knows them', []),
    images: field('names of the images in its pods, as the chart writes them, without a tag: where the site has a mirror, kustomize renames them', []),
    namespace: field('where it stands: its parameter of this name', null),
    namespaces: field('namespaces that it owns, with their Pod Security level; those of all components come first, in `clusters/<cluster>/namespaces/`', {}),
    needs: field('capabilities without which it does not work', []),
    objects: field('objects of its own by file name, each an object or a list; of an empty list nothing is written', {}),
    patches: field('kustomize patches, `{target, patch}`; `patch` is an object, a list of operations, or text', []),
    policies: field('it asks policies at the API server, `{enforce}`: those that can be asked there come with its extras, and `enforce` is the most that is done, `dryrun`, `warn` or `deny`', null),
    protect: field('deleting it would take the cluster with it: nothing of it is pruned by itself, but for its extras', false),
    provides: field('facts and functions for others, through its capability (hidden: `provides::`)', {}),
    readme: field('what README.md says of it, in Markdown: `machines`, what these must have before the bootstrap; `started`, what comes after it; `section`, a section of its own; `edit`, what of it people edit', {}),
    registries: field('prefixes of its images, each ending with a slash: together the default list of trusted registries', []),
    scan: field('what looks at each image that the repository runs, in its pipeline, `{image, command}`: the pinned image of the program, and the words before the name of what is looked at', null),
    secrets: field('Secrets that somebody must make, `{name, namespace, keys, purpose}`: `gitopsgen doctor` tells of them. What waits for one comes in the stage `last`', []),
    stage: field('when it comes: `stages.<name>` of `gitopsgen/stages.libsonnet`', (import '../stages.libsonnet').main),
    syncOptions: field('as Argo CD knows them', []),
    tenants: field("what each team gets: `{name, namespaces, objects, project, apps, workloads}`, the AppProject's spec without its destinations", []),
    waivers: field('exceptions from rules, `{rule, match: {kind, namespace, name, container}, reason}`', []),
    wave: field('the sync wave that follows from `stage`', null),
  },
}
