using System.Reflection;

namespace Acme.Shop.Tests.Architecture;

/// <summary>Endpoints call services, services call repositories, repositories call the database; nothing calls back.</summary>
public sealed class LayerTests
{
    private static readonly Assembly Application = typeof(Program).Assembly;

    public static TheoryData<string, string[]> ForbiddenReferences { get; } = new()
    {
        { "Api", ["Repositories", "Core.Data"] },
        { "Services", ["Api", "Schemas", "Core.Data", "Middleware"] },
        { "Repositories", ["Api", "Schemas", "Services", "Middleware"] },
        { "Models", ["Api", "Schemas", "Services", "Repositories", "Core", "Middleware", "Dependencies"] },
        { "Core", ["Api", "Schemas", "Services", "Repositories", "Middleware"] },
    };

    [Fact]
    public void The_rules_look_at_this_application()
    {
        Assert.NotEmpty(TypesIn("Api"));
        Assert.NotEmpty(TypesIn("Core"));
    }

    [Theory]
    [MemberData(nameof(ForbiddenReferences))]
    public void A_layer_only_knows_the_layers_below_it(string layer, string[] forbidden)
    {
        var offenders =
            from type in TypesIn(layer)
            from reference in TypeReferences.Of(type)
            where forbidden.Any(other => IsIn(reference, other))
            select $"{type.FullName} -> {reference.FullName}";

        Assert.Empty(offenders.Distinct());
    }

    private static IEnumerable<Type> TypesIn(string layer) => Application.GetTypes().Where(type => IsIn(type, layer));

    private static bool IsIn(Type type, string layer) =>
        type.Assembly == Application
        && type.Namespace is { } name
        && (name + ".").StartsWith($"Acme.Shop.{layer}.", StringComparison.Ordinal);
}
