using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace Acme.Shop.Core.Configuration;

/// <summary>
/// Binds and validates options classes so that a start with wrong settings reports all of them, each on one line under
/// the name of its environment variable. The framework's own binding and validation stop at the first one.
/// </summary>
public static class OptionsExtensions
{
    /// <summary>Binds the options to a configuration section and validates their data annotations.</summary>
    public static OptionsBuilder<TOptions> BindSection<TOptions>(this OptionsBuilder<TOptions> builder, string section)
        where TOptions : class
    {
        builder.Services.AddSingleton<IValidateOptions<TOptions>>(services =>
            new SectionValidator<TOptions>(services.GetRequiredService<IConfiguration>().GetSection(section)));
        return builder.Configure<IConfiguration>((options, configuration) =>
        {
            foreach (var (property, value, _) in Read<TOptions>(configuration.GetSection(section)))
            {
                if (value is not null)
                {
                    property.SetValue(options, value);
                }
            }
        });
    }

    /// <summary>Validates all options and reports the wrong settings.</summary>
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
            Report(exception);
            return false;
        }
    }

    /// <summary>Writes one line for each wrong setting to standard error.</summary>
    public static void Report(Exception exception)
    {
        foreach (var failure in Failures(exception).Distinct())
        {
            Console.Error.WriteLine($"Configuration error: {failure}");
        }
    }

    private static IEnumerable<string> Failures(Exception exception) => exception switch
    {
        OptionsValidationException options => options.Failures,
        AggregateException aggregate => aggregate.InnerExceptions.SelectMany(Failures),
        _ => [exception.Message],
    };

    // Property by property, because the binder stops at the first value that it cannot convert.
    private static IEnumerable<(PropertyInfo Property, object? Value, string? Error)> Read<TOptions>(IConfigurationSection section)
    {
        foreach (var property in typeof(TOptions).GetProperties().Where(property => property.CanWrite))
        {
            object? value = null;
            string? error = null;
            try
            {
                value = section.GetSection(property.Name).Get(property.PropertyType);
            }
            catch (InvalidOperationException exception)
            {
                error = exception.InnerException?.Message ?? exception.Message;
            }

            yield return (property, value, error);
        }
    }

    private sealed class SectionValidator<TOptions>(IConfigurationSection section) : IValidateOptions<TOptions>
        where TOptions : class
    {
        public ValidateOptionsResult Validate(string? name, TOptions options)
        {
            var failures = new List<ValidationResult>();
            foreach (var (property, _, error) in Read<TOptions>(section))
            {
                if (error is not null)
                {
                    failures.Add(new ValidationResult(error, [property.Name]));
                    continue;
                }

                var context = new ValidationContext(options) { MemberName = property.Name };
                Validator.TryValidateProperty(property.GetValue(options), context, failures);
            }

            // Validator.TryValidateObject leaves this out once an attribute has failed.
            if (options is IValidatableObject validatable)
            {
                var reported = failures.SelectMany(failure => failure.MemberNames).ToHashSet();
                failures.AddRange(validatable.Validate(new ValidationContext(options))
                    .Where(failure => !failure.MemberNames.Any(reported.Contains)));
            }

            return failures.Count == 0
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail(failures.Select(failure => $"{NameOf(failure)}: {failure.ErrorMessage}"));
        }

        private string NameOf(ValidationResult failure) =>
            string.Join(':', [section.Path, .. failure.MemberNames.Take(1)]).Replace(":", "__", StringComparison.Ordinal);
    }
}
