using Microsoft.TemplateEngine.Abstractions;
using Microsoft.TemplateEngine.Abstractions.Components;

namespace InterviewApi.Templates.Tests.Engine;

/// <summary>The MSBuild properties that an item template reads from the project in which it is used.</summary>
internal sealed class ProjectProperties(string name, string flags) : IBindSymbolSource
{
    public Guid Id { get; } = new("0f7fb1a2-5c5a-4f6a-9f0f-6a3a4f4f8f10");

    public int Priority => 1000;

    public string DisplayName => "Properties of a project in memory";

    public string SourcePrefix => "msbuild";

    public bool RequiresPrefixMatch => true;

    public Task<string?> GetBoundValueAsync(IEngineEnvironmentSettings settings, string bindname, CancellationToken cancellationToken) =>
        Task.FromResult(bindname switch
        {
            "MSBuildProjectName" or "RootNamespace" => name,
            "TemplateFlags" => flags,
            _ => null,
        });
}
