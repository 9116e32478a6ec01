using System.Collections.Concurrent;
using k8s;
using k8s.Models;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>What <c>kubectl kustomize</c> makes of an overlay of one combination, read strictly.</summary>
internal sealed class Manifests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly Dictionary<string, Type> OwnTypes = new() { ["gateway.networking.k8s.io/v1/HTTPRoute"] = typeof(HttpRoute) };
    private static readonly ConcurrentDictionary<(int Combination, string Overlay), Lazy<Task<Manifests>>> Rendered = new();

    private readonly List<object> _objects;

    private Manifests(int combination, string overlay, string text) =>
        (Combination, Overlay, Text, _objects) = (combination, overlay, text, Parse(text));

    public int Combination { get; }

    public string Overlay { get; }

    public string Text { get; }

    public IReadOnlyList<object> Objects => _objects;

    public V1Deployment Deployment => The<V1Deployment>();

    public V1PodSpec Pod => Deployment.Spec.Template.Spec;

    /// <summary>The API itself.</summary>
    public V1Container Api => Assert.Single(Pod.Containers);

    /// <summary>The containers of the pod, those that run before the API too.</summary>
    public IEnumerable<V1Container> Containers => [.. Pod.InitContainers ?? [], Api];

    public IDictionary<string, string> Settings => The<V1ConfigMap>().Data;

    public string Project => $"{Suite.Template.Space[Combination]}, {Overlay}";

    /// <summary>Both overlays of every distinct set of manifests.</summary>
    public static async Task<IReadOnlyList<Manifests>> AllAsync()
    {
        Requires.Kubectl();
        var combinations = (await Suite.RenderedAsync()).DistinctProjects("kubernetes/");
        Assert.NotEmpty(combinations);

        return await Task.WhenAll(
            from combination in combinations
            from overlay in (string[])["staging", "production"]
            select OfAsync(combination, overlay));
    }

    /// <summary>One overlay of a combination.</summary>
    public static Task<Manifests> OfAsync(int combination, string overlay) =>
        Rendered.GetOrAdd((combination, overlay), _ => new(() => RenderAsync(combination, overlay))).Value;

    /// <summary>Reads documents. A field that Kubernetes does not know, or a value of another type, is an error.</summary>
    public static List<object> Parse(string text) => KubernetesYaml.LoadAllFromString(text, OwnTypes, strict: true);

    /// <summary>The one object of a kind.</summary>
    public T The<T>() => Assert.Single(_objects.OfType<T>());

    /// <summary>The one object of a kind, or null.</summary>
    public T? Find<T>()
        where T : class => _objects.OfType<T>().SingleOrDefault();

    private static async Task<Manifests> RenderAsync(int combination, string overlay)
    {
        var folder = new TemporaryFolder(Path.Combine("manifests", $"{combination}-{overlay}")).Path;
        foreach (var (path, content) in (await Suite.RenderedAsync()).Project(combination)
            .Where(file => file.Path.StartsWith("kubernetes/", StringComparison.Ordinal)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, path))!);
            await File.WriteAllBytesAsync(Path.Combine(folder, path), content);
        }

        var result = await Cli.RunAsync("kubectl", folder, Patience, ["kustomize", $"kubernetes/overlays/{overlay}"]);

        return new Manifests(combination, overlay, result.EnsureSucceeded().Output);
    }
}
