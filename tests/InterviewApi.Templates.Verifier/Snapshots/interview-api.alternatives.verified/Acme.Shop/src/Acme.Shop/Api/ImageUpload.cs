namespace Acme.Shop.Api;

/// <summary>The outcome of an upload.</summary>
/// <param name="StatusCode">Why there is no file: the status code to answer.</param>
/// <param name="Error">What is wrong with the form, if that is the reason.</param>
/// <param name="File">The name of the file, which is in place now.</param>
public sealed record ImageUpload(int StatusCode, string? Error = null, string? File = null)
{
    public static ImageUpload Empty { get; } = Refused("The file is empty.");

    public static ImageUpload NoFile { get; } = Refused("The form has to begin with a file in this field.");

    public static ImageUpload MoreThanOnePart { get; } = Refused("The form must not hold anything but one file.");

    public static ImageUpload TooLarge { get; } = new(StatusCodes.Status413PayloadTooLarge);

    public static ImageUpload UnknownFormat { get; } = new(StatusCodes.Status415UnsupportedMediaType);

    public static ImageUpload StorageFull { get; } = new(StatusCodes.Status507InsufficientStorage);

    public static ImageUpload Received(string file) => new(StatusCodes.Status200OK, File: file);

    private static ImageUpload Refused(string error) => new(StatusCodes.Status400BadRequest, error);
}
