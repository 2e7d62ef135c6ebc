// secrets: keep secrets out of Git in clear.
local capability = import '../lib/capability.libsonnet';
local fact = import '../lib/fact.libsonnet';
local tier = import '../lib/tier.libsonnet';

capability({
  name: 'secrets',
  purpose: 'keep secrets out of Git in clear',
  vital: 'pods whose Secrets are not there do not start',
  takes: tier('recommended sops', 'recommended sops', 'mandatory vault'),
  facts: {
    apiVersion: fact('the API version of the object that becomes a Secret'),
    kind: fact('the kind of that object'),
    provider: fact('`(account)`: how External Secrets asks it as a ServiceAccount, `{name, namespace}`, as the store of a vault says it'),
    maker: fact('what makes Secrets of what stands in a vault, `{namespace, title, role, example}`: where it stands, its name, and for people how the vault hears of it, and what they write'),
    plugin: fact('the plugin by which Argo CD reads what is encrypted in Git, `{name, files, script, keys, image}`: it reads folders with such files, by a script of the shell, with the Secret of its keys in `/keys`, and in an image with the programs, null for its own'),
    folder: fact('the folder of this repository from which such objects are deployed'),
  },
})
