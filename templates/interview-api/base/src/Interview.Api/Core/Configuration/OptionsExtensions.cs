namespace InterviewApi.Core.Configuration;

/// <summary>Binds and validates options. A failed start reports every invalid setting, by its environment name.</summary>
// The framework's own binding and validation stop at the first one.
public static class OptionsExtensions
{
    /// <summary>Reads the settings. Each file in <c>Secrets__Path</c>, by default <c>/run/secrets</c>, is one too.</summary>
    /// <returns>Null if a file or a log level cannot be read; the reason is reported.</returns>
    public static WebApplicationBuilder? CreateBuilder(string[] args)
    {
        try
        {
            var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
            {
                ContentRootPath = AppContext.BaseDirectory,
                Args = [.. args, "--hostBuilder:reloadConfigOnChange=false"],
            });
            builder.Configuration.AddKeyPerFile(Path.GetFullPath(builder.Configuration["Secrets:Path"] ?? "/run/secrets"), optional: true);
            var failures = builder.Configuration.GetSection("Logging").AsEnumerable()
                .Where(setting => setting.Key.Contains(":LogLevel:", StringComparison.OrdinalIgnoreCase))
                .Where(setting => !string.IsNullOrEmpty(setting.Value) && !Enum.TryParse<LogLevel>(setting.Value, true, out _))
                .Select(setting => $"{EnvironmentName(setting.Key)}: '{setting.Value}' is not a log level, such as Information.")
                .ToArray();
            return failures.Length == 0 ? builder : throw new OptionsValidationException("Logging", typeof(LogLevel), failures);
        }
        catch (Exception exception) when (exception
            is OptionsValidationException or InvalidDataException or FormatException or IOException or UnauthorizedAccessException
                or ArgumentException)
        {
            Report(exception);
            return null;
        }
    }

    /// <summary>Binds the options to a configuration section and validates their data annotations.</summary>
    public static OptionsBuilder<TOptions> BindSection<TOptions>(this OptionsBuilder<TOptions> builder, string section)
        where TOptions : class
    {
        var binder = new SectionBinder<TOptions>(section);
        builder.Services.AddSingleton<IValidateOptions<TOptions>>(binder);
        return builder.Configure<IConfiguration>(binder.Bind);
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

    private sealed class SectionBinder<TOptions>(string section) : IValidateOptions<TOptions>
        where TOptions : class
    {
        private readonly List<ValidationResult> _unreadable = [];

        // Property by property, because the framework's binder stops at the first value that it cannot convert.
        public void Bind(TOptions options, IConfiguration configuration)
        {
            _unreadable.Clear();
            foreach (var property in typeof(TOptions).GetProperties().Where(property => property.CanWrite))
            {
                var setting = configuration.GetSection(section).GetSection(property.Name);
                try
                {
                    if (property.PropertyType.IsArray && !string.IsNullOrEmpty(setting.Value))
                    {
                        // The framework's binder would ignore this value.
                        throw new InvalidOperationException($"Write a list one entry at a time: {EnvironmentName(setting.Path)}__0.");
                    }

                    property.SetValue(options, setting.Get(property.PropertyType) ?? property.GetValue(options));
                }
                catch (InvalidOperationException exception)
                {
                    _unreadable.Add(new(exception.InnerException?.Message ?? exception.Message, [property.Name]));
                }
            }
        }

        public ValidateOptionsResult Validate(string? name, TOptions options)
        {
            var failures = new List<ValidationResult>(_unreadable);
            Validator.TryValidateObject(options, new ValidationContext(options), failures, validateAllProperties: true);
            if (options is IValidatableObject validatable)
            {
                // The call above skips this after an attribute fails.
                var reported = failures.SelectMany(failure => failure.MemberNames).ToHashSet();
                failures.AddRange(validatable.Validate(new ValidationContext(options))
                    .Where(failure => !failure.MemberNames.Any(reported.Contains)));
            }

            return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures.Select(failure =>
                $"{EnvironmentName(string.Join(':', [section, .. failure.MemberNames.Take(1)]))}: {failure.ErrorMessage}"));
        }
    }
}
