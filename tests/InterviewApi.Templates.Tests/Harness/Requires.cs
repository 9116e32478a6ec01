namespace InterviewApi.Templates.Tests.Harness;

/// <summary>
/// Skips the test that calls it, with the reason, where something is missing. Under CI nothing is skipped: the test fails.
/// </summary>
internal static class Requires
{
    /// <summary>PostgreSQL and Redis.</summary>
    public static void Servers() => All(PostgresServer.Missing, RedisServer.Missing);

    public static void Nginx() => All(NginxSite.Missing);

    /// <summary>
    /// An nginx that resolves names again: 1.27.3, or another program that NGINX_PROGRAM names. An older one skips under CI too.
    /// </summary>
    public static void ResolvingNginx()
    {
        Nginx();
        Assert.SkipUnless(NginxSite.ResolvesAgain(NginxSite.InstalledVersion()), "this nginx is older than 1.27.3");
    }

    /// <summary>promtool, which Debian has only together with its server. Without it the test is skipped under CI too.</summary>
    public static void Promtool() =>
        Assert.SkipUnless(IsOnPath("promtool"), "promtool is not installed (Debian: apt-get install prometheus)");

    /// <summary>kubectl, whose Kustomize is too old in Debian 12. Without it the test is skipped under CI too.</summary>
    public static void Kubectl() =>
        Assert.SkipUnless(IsOnPath("kubectl"), "kubectl is not installed (https://kubernetes.io/docs/tasks/tools)");

    /// <summary>Chromium or Chrome, which is large. Without it the test is skipped under CI too.</summary>
    public static void Browser() => Assert.SkipUnless(Harness.Browser.Missing is null, Harness.Browser.Missing ?? "");

    /// <summary>An engine that runs containers.</summary>
    public static void Containers() => All(Docker.Missing);

    /// <summary>A volume that a test can fill.</summary>
    public static void SmallVolume() => All(RedisServer.Missing, Harness.SmallVolume.Missing);

    /// <summary>What a container of a pod sees. Without root it is skipped under CI too.</summary>
    public static void PodRoot() => Assert.SkipUnless(Harness.PodRoot.Missing is null, Harness.PodRoot.Missing ?? "");

    /// <summary>Programs on the PATH.</summary>
    public static void Programs(params string[] programs) =>
        All([.. programs.Where(program => !IsOnPath(program)).Select(program => $"not installed: {program}")]);

    internal static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(
            folder => File.Exists(Path.Combine(folder, program)));

    private static void All(params IReadOnlyList<string?> missing)
    {
        var reasons = missing.OfType<string>().ToArray();
        Assert.SkipWhen(reasons.Length > 0 && !Suite.IsContinuousIntegration, string.Join("; ", reasons));
    }
}
