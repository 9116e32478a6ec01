using ArchUnitNET.Domain;
using ArchUnitNET.Domain.Extensions;
using ArchUnitNET.Loader;

namespace InterviewApi.Tests.Architecture;

/// <summary>Endpoints call services, services call repositories, repositories call the database; nothing calls back.</summary>
public sealed class LayerTests
{
    private static readonly ArchUnitNET.Domain.Architecture Application =
        new ArchLoader().LoadAssembly(typeof(Program).Assembly).Build();

    public static TheoryData<string, string[]> ForbiddenReferences()
    {
        var rules = new TheoryData<string, string[]>
        {
            { "Api", ["Repositories", "Core.Data", "Dependencies"] },
            { "Schemas", ["Api", "Repositories", "Core.Data", "Middleware", "Dependencies"] },
            { "Services", ["Api", "Schemas", "Core.Data", "Middleware", "Dependencies"] },
            { "Repositories", ["Api", "Schemas", "Services", "Middleware", "Dependencies"] },
            { "Models", ["Api", "Schemas", "Services", "Repositories", "Core", "Middleware", "Dependencies"] },
            { "Middleware", ["Repositories", "Dependencies"] },
            { "Core", ["Api", "Schemas", "Services", "Repositories", "Middleware", "Dependencies"] },
        };
#if (UseEvents)
        rules.Add("Events", ["Api", "Services", "Middleware", "Dependencies"]);
#endif
        return rules;
    }

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
            from reference in type.GetTypeDependencies()
            where forbidden.Any(other => IsIn(reference, other)) && !IsOptions(reference)
            select $"{type.FullName} -> {reference.FullName}";

        // Assert.Empty would shorten the lines.
        Assert.True(!offenders.Any(), string.Join('\n', offenders.Distinct()));
    }

    private static IEnumerable<IType> TypesIn(string layer) => Application.Types.Where(type => IsIn(type, layer));

    // Options stand beside the registration that binds them, and are read everywhere.
    private static bool IsOptions(IType type) =>
        IsIn(type, "Dependencies") && type.Name.EndsWith("Options", StringComparison.Ordinal);

    private static bool IsIn(IType type, string layer) =>
        $"{type.Namespace?.FullName}.".StartsWith($"InterviewApi.{layer}.", StringComparison.Ordinal);
}
