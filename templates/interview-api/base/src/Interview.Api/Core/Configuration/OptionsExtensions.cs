using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace InterviewApi.Core.Configuration;

/// <summary>
/// Binds and validates options classes. A failed start reports every invalid setting, each on one line with the name of
/// its environment variable. The framework's own binding and validation stop at the first one.
/// </summary>
public static class OptionsExtensions
{
    /// <summary>
    /// Reads the settings. The files beside the assembly apply, whatever the working folder is; they are read once and not
    /// watched. A file or log level that is not understood is reported.
    /// </summary>
    /// <returns>Null if the application must not start.</returns>
    public static WebApplicationBuilder? CreateBuilder(string[] args)
    {
        try
        {
            var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
            {
                ContentRootPath = AppContext.BaseDirectory,
                Args = [.. args, "--hostBuilder:reloadConfigOnChange=false"],
            });
            var failures = builder.Configuration.GetSection("Logging").AsEnumerable()
                .Where(setting => setting.Key.Contains(":LogLevel:", StringComparison.OrdinalIgnoreCase))
                .Where(setting => !string.IsNullOrEmpty(setting.Value) && !Enum.TryParse<LogLevel>(setting.Value, true, out _))
                .Select(setting => $"{EnvironmentName(setting.Key)}: '{setting.Value}' is not a log level, such as Information.")
                .ToArray();
            return failures.Length == 0 ? builder : throw new OptionsValidationException("Logging", typeof(LogLevel), failures);
        }
        catch (Exception exception) when (exception
            is OptionsValidationException or InvalidDataException or FormatException or IOException or UnauthorizedAccessException)
        {
            Report(exception);
            return null;
        }
    }

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

    /// <summary>Validates all options and reports the invalid settings.</summary>
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

    /// <summary>Writes one line for each invalid setting to standard error.</summary>
    public static void Report(Exception exception)
    {
        foreach (var failure in Failures(exception))
        {
            Console.Error.WriteLine($"Configuration error: {failure}");
        }
    }

    private static IEnumerable<string> Failures(Exception exception) => exception switch
    {
        OptionsValidationException options => options.Failures,
        InvalidDataException file => [$"{file.Message} {file.GetBaseException().Message}"],
        AggregateException aggregate => aggregate.InnerExceptions.SelectMany(Failures),
        _ => [exception.Message],
    };

    private static string EnvironmentName(string key) => key.Replace(":", "__", StringComparison.Ordinal);

    // Property by property, because the binder stops at the first value that it cannot convert.
    private static IEnumerable<(PropertyInfo Property, object? Value, string? Error)> Read<TOptions>(IConfigurationSection section)
    {
        foreach (var property in typeof(TOptions).GetProperties().Where(property => property.CanWrite))
        {
            object? value = null;
            string? error = null;
            var setting = section.GetSection(property.Name);
            try
            {
                value = setting.Get(property.PropertyType);
                if (property.PropertyType.IsArray && !string.IsNullOrEmpty(setting.Value))
                {
                    // The binder ignores it.
                    error = $"Write a list one entry at a time: {EnvironmentName(setting.Path)}__0.";
                }
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

            // Validator.TryValidateObject skips this after an attribute fails.
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
            EnvironmentName(string.Join(':', [section.Path, .. failure.MemberNames.Take(1)]));
    }
}
