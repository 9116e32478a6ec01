using k8s.Models;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>
/// What the manifests use of <c>HTTPRoute</c>. It comes with the Gateway API, so KubernetesClient has no type for it.
/// </summary>
internal sealed class HttpRoute
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    public RouteSpec Spec { get; set; } = new();

    internal sealed class RouteSpec
    {
        public List<Reference> ParentRefs { get; set; } = [];

        public List<string> Hostnames { get; set; } = [];

        public List<Rule> Rules { get; set; } = [];
    }

    internal sealed class Rule
    {
        public List<Reference> BackendRefs { get; set; } = [];
    }

    internal sealed class Reference
    {
        public string Name { get; set; } = "";

        public string? Namespace { get; set; }

        public int? Port { get; set; }
    }
}
