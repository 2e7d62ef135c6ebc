// gitops: the repository is the source of truth.
local capability = import '../lib/capability.libsonnet';
local fact = import '../lib/fact.libsonnet';

capability({
  name: 'gitops',
  purpose: 'the repository is the source of truth',
  vital: 'nothing becomes of what Git says, a repair least of all',
  takes: 'mandatory argo-cd',
  facts: {
    namespace: fact('where Argo CD stands'),
    pause: fact('the command that has it apply nothing any more, until `resume`'),
    resume: fact('the command that has it apply again what Git says'),
    host: fact('the name of its page'),
  },
})
