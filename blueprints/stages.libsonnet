// stages are the steps of the bootstrap: Argo CD begins one when all that came before works, or is half an hour old.
//
// Components say in which they come. Extras come five waves after their component, where it does not say otherwise. The numbers
// are sync waves, and leave room.
local stage(name, wave, says) = { name: name, wave: wave, says: says };

local inOrder = [
  stage('namespaces', -100, 'The namespaces of all components, so that no Secret and no policy waits for the component that would have made one.'),
  stage('projects', -45, 'The projects of teams, before the Applications that need them.'),
  stage('network', -40, 'The network, without which no pod runs.'),
  stage('addresses', -38, 'What gives Services addresses.'),
  stage('gitops', -35, 'Argo CD, from now on as this repository says.'),
  stage('measures', -32, 'The kinds that say what is measured and what alarms.'),
  stage('kinds', -30, 'Further kinds, before anything that uses them.'),
  stage('policy', -25, 'What judges objects, before there are many; what measures the network.'),
  stage('operators', -20, 'What others need to come up: operators, and what signs certificates.'),
  stage('drivers', -18, 'What makes volumes and mounts them.'),
  stage('storage', -15, 'Storage, what decrypts Secrets, and the issuers of certificates.'),
  stage('ingress', -10, 'What shows pages.'),
  stage('teams', -5, 'What teams get; what measures that which shows pages.'),
  stage('main', 0, 'Everything that names no other stage.'),
  stage('agents', 30, 'What runs on every machine and asks for much of the above.'),
  stage('last', 50, 'What may wait for somebody, for a Secret, a disk or a name in the DNS, and what teams and users deploy themselves: nothing waits for these.'),
];

{ [s.name]: s for s in inOrder }
