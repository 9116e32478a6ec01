using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Acme.Shop.Core.Configuration;
using Acme.Shop.Dependencies;
using Acme.Shop.Middleware;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Acme.Shop.Tests.Unit;

public sealed class ConfigurationTests
{
    [Theory]
    [InlineData("Cors:AllowedOrigins:0", "example.com", "Cors__AllowedOrigins")]
    [InlineData("Cors:AllowedOrigins:0", "https://example.com/path", "Cors__AllowedOrigins")]
    [InlineData("ForwardedHeaders:KnownProxies:0", "proxy", "ForwardedHeaders__KnownProxies")]
    [InlineData("ForwardedHeaders:KnownNetworks:0", "10.0.0.0/64", "ForwardedHeaders__KnownNetworks")]
    [InlineData("ForwardedHeaders:PathBase", "shop", "ForwardedHeaders__PathBase")]
    [InlineData("ForwardedHeaders:PathBase", "//evil.example", "ForwardedHeaders__PathBase")]
    [InlineData("ForwardedHeaders:PathBase", "/api", "ForwardedHeaders__PathBase")]
    [InlineData("Docs:Enabled", "perhaps", "Docs__Enabled")]
    [InlineData("AllowedHosts", "", "AllowedHosts")]
    [InlineData("AllowedHosts", "localhost;https://shop.example.com", "AllowedHosts")]
    [InlineData("AllowedHosts", "shop.example.com:8080", "AllowedHosts")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost", "OTEL_EXPORTER_OTLP_ENDPOINT")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json", "OTEL_EXPORTER_OTLP_PROTOCOL")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "a=b,key", "OTEL_EXPORTER_OTLP_HEADERS")]
    [InlineData("ApiVersions:V1:DeprecatedAt", "tomorrow", "ApiVersions__V1__DeprecatedAt")]
    [InlineData("ApiVersions:V1:SunsetAt", "01/02/2030", "ApiVersions__V1__SunsetAt")]
    public void A_wrong_value_is_reported_by_its_name(string setting, string value, string name)
    {
        var exception = Assert.ThrowsAny<Exception>(() => Validate(new() { [setting] = value }));

        Assert.StartsWith($"{name}: ", Assert.Single(FailuresOf(exception)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_that_is_written_as_one_value_is_reported()
    {
        var exception = Assert.ThrowsAny<Exception>(() => Validate(new() { ["ForwardedHeaders:KnownProxies"] = "10.0.0.1" }));

        Assert.Equal(
            "ForwardedHeaders__KnownProxies: Write a list one entry at a time: ForwardedHeaders__KnownProxies__0.",
            Assert.Single(FailuresOf(exception)));
    }

    [Fact]
    public void Every_wrong_value_is_reported()
    {
        var exception = Assert.ThrowsAny<Exception>(() => Validate(new()
        {
            ["Docs:Enabled"] = "perhaps",
            ["ApiVersions:V1:DeprecatedAt"] = "tomorrow",
            ["ApiVersions:V1:SunsetAt"] = "later",
        }));

        Assert.Equal(3, FailuresOf(exception).Count());
    }

    [Fact]
    public void A_wrong_value_does_not_hide_another_one_of_the_same_section()
    {
        var exception = Assert.ThrowsAny<Exception>(() => Validate(new()
        {
            ["Example:Seconds"] = "soon",
            ["Example:Count"] = "0",
            ["Example:Name"] = "wrong",
        }));

        Assert.Equal(
            ["Example__Count", "Example__Name", "Example__Seconds"],
            FailuresOf(exception).Select(failure => failure.Split(':')[0]).Order());
    }

    [Fact]
    public void A_version_cannot_end_before_it_is_deprecated()
    {
        var exception = Assert.ThrowsAny<Exception>(() => Validate(new()
        {
            ["ApiVersions:V1:DeprecatedAt"] = "2030-01-01T00:00:00Z",
            ["ApiVersions:V1:SunsetAt"] = "2029-01-01T00:00:00Z",
        }));

        Assert.StartsWith("ApiVersions__V1__SunsetAt: ", Assert.Single(FailuresOf(exception)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2030-01-02", "2030-01-02T00:00:00Z")]
    [InlineData("2030-01-02T03:04", "2030-01-02T03:04:00Z")]
    [InlineData("2030-01-02T03:04:05.5+02:00", "2030-01-02T01:04:05.5Z")]
    public void A_date_without_an_offset_is_in_UTC(string value, string expected)
    {
        Assert.Equal(
            DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture), new VersionOptions { SunsetAt = value }.Sunset);
    }

    [Fact]
    public void A_file_of_the_secrets_is_a_setting_and_wins_over_the_other_sources()
    {
        var folder = Directory.CreateTempSubdirectory("secrets-").FullName;
        File.WriteAllText(Path.Combine(folder, "ForwardedHeaders__PathBase"), "/file\n");
        Directory.CreateDirectory(Path.Combine(folder, "..data"));
        try
        {
            var builder = OptionsExtensions.CreateBuilder([$"--Secrets:Path={folder}", "--ForwardedHeaders:PathBase=/command"]);

            Assert.Equal("/file", builder?.Configuration["ForwardedHeaders:PathBase"]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_folder_of_secrets_that_does_not_exist_changes_nothing()
    {
        var builder = OptionsExtensions.CreateBuilder([$"--Secrets:Path={Guid.NewGuid()}", "--Docs:Enabled=true"]);

        Assert.Equal("true", builder?.Configuration["Docs:Enabled"]);
    }

    [Theory]
    [InlineData("migrat", "--urls=http://127.0.0.1:0")]
    [InlineData("Serve")]
    [InlineData("--urls=http://127.0.0.1:0", "migrate")]
    [InlineData("--urls=http://127.0.0.1:0", "--help")]
    public async Task A_word_that_is_no_command_does_not_start_the_server(params string[] arguments)
    {
        var run = Task.Run(() => typeof(Program).Assembly.EntryPoint!.Invoke(null, [arguments]));

        Assert.Equal(1, await run.WaitAsync(TimeSpan.FromMinutes(1)));
    }

    [Theory]
    [InlineData]
    [InlineData("--urls", "http://127.0.0.1:0", "--environment", "Production")]
    [InlineData("--ConnectionStrings:Database", "Data Source=app.db", "--urls=http://127.0.0.1:0")]
    [InlineData("/urls=http://127.0.0.1:0")]
    [InlineData("urls=http://127.0.0.1:0")]
    [InlineData("-e=Production")]
    public void Arguments_that_are_settings_are_no_command(params string[] arguments) =>
        Assert.True(CommandLine.IsValid(arguments));

    [Fact]
    public void The_defaults_are_valid()
    {
        Validate([]);
    }

    private static void Validate(Dictionary<string, string?> settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["AllowedHosts"] = "localhost;*.example.com;[::1];b\u00fccher.example;api_1",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://localhost:4317",
            ["OTEL_EXPORTER_OTLP_HEADERS"] = "x-key=a%20b,other=c,",
        });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.AddTelemetry();
        builder.Services.AddAllowedHosts();
        builder.Services.AddOptionsWithValidateOnStart<ExampleOptions>().BindSection("Example");
        builder.Services.AddAllowedOrigins();
        builder.Services.AddOptionsWithValidateOnStart<ProxyOptions>().BindSection("ForwardedHeaders");
        builder.Services.AddOptionsWithValidateOnStart<DocsOptions>().BindSection("Docs");
        builder.Services.AddOptionsWithValidateOnStart<VersionOptions>().BindSection("ApiVersions:V1");
        using var provider = builder.Services.BuildServiceProvider();
        provider.GetRequiredService<IStartupValidator>().Validate();
    }

    private static IEnumerable<string> FailuresOf(Exception exception) => exception switch
    {
        OptionsValidationException options => options.Failures,
        AggregateException aggregate => aggregate.InnerExceptions.SelectMany(FailuresOf),
        _ => [],
    };

    private sealed class ExampleOptions : IValidatableObject
    {
        public int Seconds { get; set; }

        [Range(1, 10)]
        public int Count { get; set; } = 1;

        public string Name { get; set; } = "";

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (Name.Length > 0)
            {
                yield return new ValidationResult("Wrong.", [nameof(Name)]);
            }
        }
    }
}
