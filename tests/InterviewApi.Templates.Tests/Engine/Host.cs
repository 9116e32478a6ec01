using Microsoft.Extensions.Logging;
using Microsoft.TemplateEngine.Abstractions;
using Microsoft.TemplateEngine.Abstractions.PhysicalFileSystem;

namespace InterviewApi.Templates.Tests.Engine;

/// <summary>The engine's default host with another file system under it.</summary>
internal sealed class Host(ITemplateEngineHost inner, IPhysicalFileSystem fileSystem) : ITemplateEngineHost
{
    public IPhysicalFileSystem FileSystem => fileSystem;

    public IReadOnlyList<(Type InterfaceType, IIdentifiedComponent Instance)> BuiltInComponents => inner.BuiltInComponents;

    public string HostIdentifier => inner.HostIdentifier;

    public IReadOnlyList<string> FallbackHostTemplateConfigNames => inner.FallbackHostTemplateConfigNames;

    public ILogger Logger => inner.Logger;

    public ILoggerFactory LoggerFactory => inner.LoggerFactory;

    public string Version => inner.Version;

    public bool TryGetHostParamDefault(string paramName, out string? value) => inner.TryGetHostParamDefault(paramName, out value);

    public void VirtualizeDirectory(string path) => throw new NotSupportedException();

    [Obsolete("The engine's interface still has it; nothing is overwritten in memory.")]
    public bool OnPotentiallyDestructiveChangesDetected(
        IReadOnlyList<IFileChange> changes, IReadOnlyList<IFileChange> destructiveChanges) => true;

    public void Dispose() => inner.Dispose();
}
