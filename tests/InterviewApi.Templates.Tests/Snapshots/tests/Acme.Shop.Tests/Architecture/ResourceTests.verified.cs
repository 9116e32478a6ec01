using System.Reflection;
using Acme.Shop.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Acme.Shop.Tests.Architecture;

/// <summary>Each resource is connected to the application. A failure shows the line that is missing.</summary>
public sealed class ResourceTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private static readonly Type[] Types = typeof(Program).Assembly.GetTypes();

    [Fact]
    public void Every_service_and_repository_is_registered()
    {
        var services = api.Services.GetRequiredService<IServiceProviderIsService>();

        ShouldBeEmpty(
            from type in Types
            where type is { IsClass: true, IsAbstract: false, IsNested: false }
            where type.Name.EndsWith("Service", StringComparison.Ordinal) || type.Name.EndsWith("Repository", StringComparison.Ordinal)
            where !type.GetInterfaces().Append(type.BaseType!).Append(type).Any(services.IsService)
            select $"Program.cs lacks: builder.Services.AddScoped<{type.FullName}>();");
    }

    [Fact]
    public void Every_endpoint_class_is_mapped()
    {
        var mapped = api.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .Select(endpoint => endpoint.Metadata.GetMetadata<MethodInfo>()?.DeclaringType)
            .Select(type => type?.DeclaringType ?? type) // A lambda expression is in a nested class.
            .ToHashSet();

        ShouldBeEmpty(
            from type in Types
            where type is { IsClass: true, IsNested: false } && type.Name.EndsWith("Endpoints", StringComparison.Ordinal)
                && !mapped.Contains(type)
            from method in type.GetMethods(BindingFlags.Public | BindingFlags.Static)
            where method.Name.StartsWith("Map", StringComparison.Ordinal) && method.GetParameters().Length == 1
            select $"{FileOf(type)} lacks: api.{method.Name}();");
    }

    // Assert.Empty would shorten the lines.
    private static void ShouldBeEmpty(IEnumerable<string> missing) => Assert.True(!missing.Any(), string.Join('\n', missing));

    private static string FileOf(Type endpoints) =>
        endpoints.Namespace!.EndsWith(".V1", StringComparison.Ordinal) ? "Api/V1/ApiV1.cs" : "Api/V2/ApiV2.cs";
}
