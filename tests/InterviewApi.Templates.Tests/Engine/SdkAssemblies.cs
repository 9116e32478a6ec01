using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace InterviewApi.Templates.Tests.Engine;

/// <summary>
/// Resolves the template engine and the compiler from the folder of the SDK that built this project, so that what is
/// tested is what <c>dotnet new</c> and <c>dotnet build</c> run, and no package has to carry them.
/// </summary>
internal static class SdkAssemblies
{
    public static string SdkFolder { get; } = Path.GetFullPath(Metadata("SdkFolder"));

    public static string RepositoryRoot { get; } = Path.GetFullPath(Metadata("RepositoryRoot"));

    // The engine's types stand in signatures all over this assembly: nothing here may run before the resolver is in place.
#pragma warning disable CA2255
    [ModuleInitializer]
    internal static void Register() => AssemblyLoadContext.Default.Resolving += Resolve;
#pragma warning restore CA2255

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name)
    {
        string[] folders = [SdkFolder, Path.Combine(SdkFolder, "Roslyn", "bincore")];
        var file = folders.Select(folder => Path.Combine(folder, name.Name + ".dll")).FirstOrDefault(File.Exists);

        return file is null ? null : context.LoadFromAssemblyPath(file);
    }

    private static string Metadata(string key) =>
        typeof(SdkAssemblies).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == key).Value!;
}
