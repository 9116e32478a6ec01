namespace InterviewApi.Templates.Tests.Harness;

/// <summary>A test that needs an nginx that resolves names again: 1.27.3, or another program that NGINX_PROGRAM names.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ResolvingNginxFactAttribute : FactAttribute
{
    public ResolvingNginxFactAttribute() => Skip = NginxSite.Missing ?? (NginxSite.ResolvesAgain(NginxSite.InstalledVersion()) ? null : "this nginx is older than 1.27.3");
}
