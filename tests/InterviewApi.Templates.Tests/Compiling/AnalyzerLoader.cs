using System.Reflection;
using System.Runtime.Loader;
using InterviewApi.Templates.Tests.Engine;
using Microsoft.CodeAnalysis;

namespace InterviewApi.Templates.Tests.Compiling;

/// <summary>
/// Loads analyzers and generators as the compiler does: each folder apart, because two packages may bring an assembly of
/// the same name, and the compiler's own assemblies shared by all.
/// </summary>
internal sealed class AnalyzerLoader : IAnalyzerAssemblyLoader
{
    private readonly Dictionary<string, FolderContext> _contexts = [];

    public void AddDependencyLocation(string fullPath)
    {
    }

    public Assembly LoadFromPath(string fullPath)
    {
        var folder = Path.GetDirectoryName(fullPath)!;
        lock (_contexts)
        {
            if (!_contexts.TryGetValue(folder, out var context))
            {
                _contexts.Add(folder, context = new FolderContext(folder));
            }

            return context.LoadFromAssemblyPath(fullPath);
        }
    }

    private sealed class FolderContext(string folder) : AssemblyLoadContext
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            var own = Path.Combine(folder, assemblyName.Name + ".dll");
            var shared = Path.Combine(SdkAssemblies.SdkFolder, "Roslyn", "bincore", assemblyName.Name + ".dll");

            return File.Exists(own) && !File.Exists(shared) ? LoadFromAssemblyPath(own) : null;
        }
    }
}
