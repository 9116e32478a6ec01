using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using InterviewApi.Templates.Tests.Engine;
using InterviewApi.Templates.Tests.Harness;
using k8s;
using k8s.Models;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>
/// The manifests of every combination, as <c>kubectl kustomize</c> renders them: Kubernetes knows every field, and they keep
/// the rules of a linter. No cluster has run them.
/// </summary>
[Trait("Level", "Kubernetes")]
public sealed partial class KubernetesTests
{
    private const int ConnectionsOfTheServer = 100;
    private const int SecondsOfTheShutdown = 30;

    [Fact]
    public async Task Every_overlay_has_the_objects_of_its_options_and_no_others()
    {
        foreach (var manifests in await Manifests.AllAsync())
        {
            var combination = Suite.Template.Space[manifests.Combination];
            var hasVolume = combination.Value("database") == "sqlite" || combination.Value("sample") == "full";
            string[] expected = [
                "V1Namespace", "V1ConfigMap", "V1Deployment", "V1Service", "HttpRoute", "V1NetworkPolicy",
                .. IsScaled(manifests) ? ["V2HorizontalPodAutoscaler", "V1PodDisruptionBudget"] : Array.Empty<string>(),
                .. hasVolume ? ["V1PersistentVolumeClaim"] : Array.Empty<string>()];

            Assert.Equal(
                expected.Order(StringComparer.Ordinal),
                manifests.Objects.Select(item => item.GetType().Name).Order(StringComparer.Ordinal));
            Assert.Equal(combination.Value("migrations") == "true", manifests.Pod.InitContainers?.Count == 1);
            Assert.DoesNotContain("kind: Secret", manifests.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("readOnlyRootFilesystem: true", "readOnlyRootFileSystem: true")]
    [InlineData("replicas: 1", "replicas: one")]
    [InlineData("hostnames:", "hosts:")]
    [InlineData("kind: Service\n", "kind: Servise\n")]
    public async Task A_field_or_a_value_that_Kubernetes_does_not_know_is_found(string right, string wrong)
    {
        Requires.Kubectl();
        var manifests = await Manifests.OfAsync(Suite.Template.Space.FirstWith(("kubernetes", "true")).Number, "staging");
        Assert.Contains(right, manifests.Text, StringComparison.Ordinal);

        Assert.ThrowsAny<Exception>(() => Manifests.Parse(manifests.Text.Replace(right, wrong, StringComparison.Ordinal)));
    }

    [Fact]
    public Task A_pod_has_no_right_that_it_does_not_need() => CheckAsync(manifests =>
    {
        var labels = manifests.The<V1Namespace>().Metadata.Labels;
        Assert.Equal("restricted", labels["pod-security.kubernetes.io/enforce"]);
        var (pod, security) = (manifests.Pod, manifests.Pod.SecurityContext);
        Assert.True(security is { RunAsNonRoot: true, RunAsUser: > 0, RunAsGroup: > 0, FsGroup: > 0 });
        Assert.Equal("RuntimeDefault", security.SeccompProfile.Type);
        Assert.True(pod is { AutomountServiceAccountToken: false, EnableServiceLinks: false });
        Assert.True(pod is { HostNetwork: null, HostPID: null, HostIPC: null });
        Assert.All(pod.Volumes, volume => Assert.Null(volume.HostPath));
        foreach (var container in manifests.Containers)
        {
            var rights = container.SecurityContext;
            Assert.True(rights is { AllowPrivilegeEscalation: false, ReadOnlyRootFilesystem: true, Privileged: null, RunAsUser: null });
            Assert.Equal(["ALL"], rights.Capabilities.Drop);
            Assert.Null(rights.Capabilities.Add);
        }
    });

    [Fact]
    public Task Every_container_has_an_image_of_one_release_and_limits() => CheckAsync(manifests =>
    {
        Assert.Matches(Image(), manifests.Api.Image);
        foreach (var container in manifests.Containers)
        {
            Assert.Equal(manifests.Api.Image, container.Image);
            foreach (var resource in (string[])["cpu", "memory"])
            {
                var (requested, limit) = (container.Resources.Requests[resource], container.Resources.Limits[resource]);
                Assert.InRange(requested.ToDecimal(), 0.001m, limit.ToDecimal());
            }
        }
    });

    [Fact]
    public Task Probes_ask_the_paths_of_the_API_and_leave_it_time() => CheckAsync(manifests =>
    {
        var api = manifests.Api;
        Assert.Equal(("/health/live", "/health/live", "/health/ready"), (
            api.StartupProbe.HttpGet.Path, api.LivenessProbe.HttpGet.Path, api.ReadinessProbe.HttpGet.Path));
        Assert.All(
            (V1Probe[])[api.StartupProbe, api.LivenessProbe, api.ReadinessProbe],
            probe => Assert.Equal("http", probe.HttpGet.Port.Value));
        Assert.InRange(api.StartupProbe.PeriodSeconds * api.StartupProbe.FailureThreshold ?? 0, 60, 600);

        // Each check of /health/ready has two seconds, and all run at once.
        Assert.InRange(api.ReadinessProbe.TimeoutSeconds ?? 1, 3, 10);

        var delay = int.Parse(manifests.Settings["Server__ShutdownDelaySeconds"], CultureInfo.InvariantCulture);
        var slept = api.Lifecycle.PreStop.Sleep.Seconds;
        Assert.InRange(slept, 5, 30);
        Assert.InRange(manifests.Pod.TerminationGracePeriodSeconds ?? 0, slept + delay + SecondsOfTheShutdown + 5, 300);
    });

    [Fact]
    public Task Every_reference_leads_to_an_object() => CheckAsync(manifests =>
    {
        var (labels, api) = (manifests.Deployment.Spec.Template.Metadata.Labels, manifests.Api);
        var port = Assert.Single(api.Ports);
        var service = manifests.The<V1Service>();
        var servicePort = Assert.Single(service.Spec.Ports);
        var backend = Assert.Single(Assert.Single(manifests.The<HttpRoute>().Spec.Rules).BackendRefs);
        Assert.Equal(port.Name, servicePort.TargetPort.Value);
        Assert.Equal((service.Metadata.Name, servicePort.Port), (backend.Name, backend.Port));

        var budget = manifests.Find<V1PodDisruptionBudget>()?.Spec.Selector.MatchLabels;
        var spread = manifests.Pod.TopologySpreadConstraints?.Select(constraint => constraint.LabelSelector.MatchLabels) ?? [];
        Assert.All(
            [
                service.Spec.Selector, manifests.Deployment.Spec.Selector.MatchLabels,
                manifests.The<V1NetworkPolicy>().Spec.PodSelector.MatchLabels, budget ?? labels, .. spread],
            selector => Assert.Equal(labels, selector));
        Assert.Equal(manifests.Deployment.Metadata.Name, manifests.Find<V2HorizontalPodAutoscaler>()?.Spec.ScaleTargetRef.Name
            ?? manifests.Deployment.Metadata.Name);

        Assert.All(
            manifests.Containers,
            container => Assert.Equal(manifests.The<V1ConfigMap>().Metadata.Name, Assert.Single(container.EnvFrom).ConfigMapRef.Name));
        var volumes = manifests.Pod.Volumes.Select(volume => volume.Name).ToHashSet();
        var mounts = manifests.Containers.SelectMany(container => container.VolumeMounts).Select(mount => mount.Name).ToHashSet();
        Assert.Equal(volumes, mounts);
        Assert.Equal(
            manifests.Find<V1PersistentVolumeClaim>()?.Metadata.Name,
            manifests.Pod.Volumes.SingleOrDefault(volume => volume.PersistentVolumeClaim is not null)?.PersistentVolumeClaim.ClaimName);

        var space = manifests.The<V1Namespace>().Metadata.Name;
        Assert.All(
            manifests.Objects.OfType<IKubernetesObject<V1ObjectMeta>>().Where(item => item is not V1Namespace),
            item => Assert.Equal(space, item.Metadata.NamespaceProperty));
        Assert.Equal(space, manifests.The<HttpRoute>().Metadata.NamespaceProperty);
    });

    [Fact]
    public Task A_release_and_the_maintenance_of_a_node_leave_a_pod_that_serves() => CheckAsync(manifests =>
    {
        var strategy = manifests.Deployment.Spec.Strategy;
        var isEmbedded = Suite.Template.Space[manifests.Combination].Value("database") == "sqlite";
        Assert.Equal(isEmbedded ? "Recreate" : null, strategy.Type);
        Assert.Equal(isEmbedded ? null : "1", strategy.RollingUpdate?.MaxSurge.Value);
        Assert.Equal(isEmbedded ? null : "0", strategy.RollingUpdate?.MaxUnavailable.Value);
        var claim = manifests.Find<V1PersistentVolumeClaim>()?.Spec.AccessModes;
        Assert.Equal(claim is null ? null : [isEmbedded ? "ReadWriteOncePod" : "ReadWriteMany"], claim);

        // The default is one. A number would undo, with each release, what the autoscaler has decided.
        Assert.Equal(isEmbedded ? 1 : null, manifests.Deployment.Spec.Replicas);
        if (!IsScaled(manifests))
        {
            return;
        }

        var scale = manifests.The<V2HorizontalPodAutoscaler>().Spec;
        var budget = manifests.The<V1PodDisruptionBudget>().Spec;
        Assert.InRange(scale.MinReplicas ?? 1, 2, scale.MaxReplicas);
        Assert.InRange(int.Parse(budget.MaxUnavailable.Value, CultureInfo.InvariantCulture), 1, (scale.MinReplicas ?? 1) - 1);
        Assert.Equal(2, manifests.Pod.TopologySpreadConstraints.Count);

        var pool = int.Parse(Pool().Match(manifests.Settings["ConnectionStrings__Database"]).Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.InRange((scale.MaxReplicas + 1) * pool, 1, ConnectionsOfTheServer - 10);
    });

    [Fact]
    public Task Only_the_gateway_reaches_the_API_and_the_API_what_its_settings_name() => CheckAsync(manifests =>
    {
        var policy = manifests.The<V1NetworkPolicy>().Spec;
        var route = manifests.The<HttpRoute>().Spec;
        Assert.Equal(["Ingress", "Egress"], policy.PolicyTypes);
        var ingress = Assert.Single(policy.Ingress);
        var from = Assert.Single(ingress.FromProperty).NamespaceSelector.MatchLabels;
        Assert.Equal(Assert.Single(route.ParentRefs).Namespace, from["kubernetes.io/metadata.name"]);
        Assert.Equal(manifests.Api.Ports[0].Name, Assert.Single(ingress.Ports).Port.Value);

        // PostgreSQL's own port, if the connection string has none.
        var settings = manifests.Settings;
        var redis = settings.TryGetValue("ConnectionStrings__Redis", out var server) ? ServerPort().Match(server).Groups[1].Value : null;
        var database = settings["ConnectionStrings__Database"].StartsWith("Host=", StringComparison.Ordinal) ? "5432" : null;
        var ports = policy.Egress.SelectMany(rule => rule.Ports).Select(port => port.Port.Value).ToHashSet();
        Assert.Superset(((string?[])["53", "443", redis, database]).OfType<string>().ToHashSet(), ports);
        Assert.Equal(redis is not null, ports.Contains("6379"));
        Assert.Equal(database is not null, ports.Contains("5432"));
        Assert.Equal(settings["AllowedHosts"].Split(';'), route.Hostnames);
    });

    // The other pages of a project list its settings.
    [Fact]
    public async Task Every_key_is_a_setting_of_the_application()
    {
        var table = await Suite.RenderedAsync();
        await CheckAsync(manifests =>
        {
            var pages = table.Project(manifests.Combination).Where(file => file.Path.EndsWith(".md", StringComparison.Ordinal))
                .ToDictionary(file => file.Path, file => Encoding.UTF8.GetString(file.Content));
            Assert.True(pages.Remove("docs/kubernetes.md", out var own));
            var known = pages.Values.SelectMany(page => Setting().Matches(page)).Select(match => match.Groups[1].Value).ToHashSet();
            var secrets = SecretKey().Matches(own).Select(match => (Secret: match.Groups[2].Value, Key: match.Groups[1].Value)).ToArray();
            var mounted = manifests.Pod.Volumes.Select(volume => volume.Secret?.SecretName)
                .Concat(manifests.Pod.Volumes.SelectMany(volume => volume.Projected?.Sources ?? []).Select(source => source.Secret.Name))
                .OfType<string>().ToHashSet();
            var selected = manifests.Pod.Volumes.SelectMany(volume => volume.Projected?.Sources ?? [])
                .SelectMany(source => source.Secret.Items?.Select(item => (source.Secret.Name, item.Key, item.Path)) ?? []).ToArray();

            Assert.Subset(known, manifests.Settings.Keys.Concat(secrets.Select(secret => secret.Key)).ToHashSet());
            Assert.Equal(mounted, secrets.Select(secret => secret.Secret).ToHashSet());
            Assert.All(selected, item => Assert.Contains((item.Name, item.Key), secrets));
            Assert.All(selected, item => Assert.Equal(item.Key, item.Path));
            Assert.DoesNotContain(manifests.Settings, setting => SecretName().IsMatch($"{setting.Key}={setting.Value}"));
        });
    }

    // A namespace, a service and a label have at most 63 characters; staging adds eight to the name of the project.
    [Theory]
    [InlineData("2fast.api")]
    [InlineData("日本語")]
    [InlineData("9aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task Every_name_of_a_project_is_one_of_Kubernetes(string name)
    {
        using var engine = await TemplateEngine.LoadAsync(Suite.Template.Folder, CancellationToken.None);
        var combination = Suite.Template.Space.FirstWith(("kubernetes", "true"));
        var files = await engine.GenerateAsync(name, combination.ToParameters(), CancellationToken.None);
        var names = files.Where(file => file.Key.StartsWith("kubernetes/", StringComparison.Ordinal))
            .SelectMany(file => Name().Matches(Encoding.UTF8.GetString(file.Value))).Select(match => match.Groups[1].Value).ToArray();

        Assert.InRange(names.Length, 10, 100);
        Assert.All(names, found => Assert.Matches("^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$", found));
    }

    private static bool IsScaled(Manifests manifests) =>
        Suite.Template.Space[manifests.Combination] is var combination
        && (combination.Value("database"), combination.Value("cache")) == ("postgres", "redis");

    private static async Task CheckAsync(Action<Manifests> check)
    {
        foreach (var manifests in await Manifests.AllAsync())
        {
            try
            {
                check(manifests);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"{manifests.Project}: {exception.Message}", exception);
            }
        }
    }

    // A registry, and a tag that is a version, or a digest.
    [GeneratedRegex(@"^[a-z0-9.-]+\.[a-z]+(/[a-z0-9-]+)+(:\d[\w.-]*|@sha256:[0-9a-f]{64})$")]
    private static partial Regex Image();

    [GeneratedRegex(@"Maximum Pool Size=(\d+)")]
    private static partial Regex Pool();

    [GeneratedRegex(@"^[^,:]+:(\d+)")]
    private static partial Regex ServerPort();

    [GeneratedRegex(@"`(AllowedHosts|[A-Za-z]\w*__\w+)`")]
    private static partial Regex Setting();

    [GeneratedRegex("`(\\w+)` in `([a-z-]+)`")]
    private static partial Regex SecretKey();

    [GeneratedRegex("(?:name|namespace|kubernetes.io/name|claimName|secretName): (.+)$", RegexOptions.Multiline)]
    private static partial Regex Name();

    [GeneratedRegex("(?i)password|secret|signingkey|token")]
    private static partial Regex SecretName();
}
