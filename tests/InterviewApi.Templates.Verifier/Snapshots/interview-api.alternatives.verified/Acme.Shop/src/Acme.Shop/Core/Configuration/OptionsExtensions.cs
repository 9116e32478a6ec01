using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Acme.Shop.Core.Configuration;

/// <summary>Binds options classes so that every wrong setting is reported by its name when the application starts.</summary>
public static class OptionsExtensions
{
    /// <summary>Binds <typeparamref name="TOptions"/> to a section and checks its data annotations at start.</summary>
    public static IServiceCollection AddCheckedOptions<TOptions>(this IServiceCollection services, string section)
        where TOptions : class
    {
        services.AddOptions<TOptions>()
            .Configure<IConfiguration>((options, configuration) => Bind(options, configuration.GetSection(section)))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<TOptions>>(new AnnotationValidator<TOptions>(section));
        return services;
    }

    /// <summary>Checks all options; writes one line for each wrong setting to standard error.</summary>
    /// <returns>False if the application must not start.</returns>
    public static bool HasValidConfiguration(this WebApplication app)
    {
        try
        {
            app.Services.GetService<IStartupValidator>()?.Validate();
            return true;
        }
        catch (Exception exception) when (exception is OptionsValidationException or AggregateException)
        {
            foreach (var failure in Failures(exception))
            {
                Console.Error.WriteLine($"Configuration error: {failure}");
            }

            return false;
        }
    }

    private static IEnumerable<string> Failures(Exception exception) => exception switch
    {
        OptionsValidationException options => options.Failures,
        AggregateException aggregate => aggregate.InnerExceptions.SelectMany(Failures),
        _ => [exception.Message],
    };

    // Each setting is bound by itself: the binder stops at the first value that it cannot convert.
    private static void Bind<TOptions>(TOptions options, IConfigurationSection section)
        where TOptions : class
    {
        var failures = new List<string>();
        foreach (var setting in section.GetChildren())
        {
            try
            {
                new ConfigurationBuilder()
                    .AddInMemoryCollection(setting.AsEnumerable().Select(pair => Relative(pair, section.Path)))
                    .Build()
                    .Bind(options);
            }
            catch (InvalidOperationException exception)
            {
                failures.Add($"{EnvironmentName(setting.Path)}: {exception.InnerException?.Message ?? exception.Message}");
            }
        }

        if (failures.Count > 0)
        {
            throw new OptionsValidationException(section.Path, typeof(TOptions), failures);
        }
    }

    private static KeyValuePair<string, string?> Relative(KeyValuePair<string, string?> pair, string path) =>
        new(pair.Key[(path.Length + 1)..], pair.Value);

    private static string EnvironmentName(string path) => path.Replace(":", "__", StringComparison.Ordinal);

    private sealed class AnnotationValidator<TOptions>(string section) : IValidateOptions<TOptions>
        where TOptions : class
    {
        public ValidateOptionsResult Validate(string? name, TOptions options)
        {
            var results = new List<ValidationResult>();
            if (Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true))
            {
                return ValidateOptionsResult.Success;
            }

            return ValidateOptionsResult.Fail(results.Select(result =>
                $"{EnvironmentName(string.Join(':', [section, .. result.MemberNames.Take(1)]))}: {result.ErrorMessage}"));
        }
    }
}
