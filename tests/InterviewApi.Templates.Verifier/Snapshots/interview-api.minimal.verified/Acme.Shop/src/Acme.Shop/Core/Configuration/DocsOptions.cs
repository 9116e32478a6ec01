namespace Acme.Shop.Core.Configuration;

/// <summary>Whether the OpenAPI documents and their pages are served.</summary>
public sealed class DocsOptions
{
    public const string Section = "Docs";

    /// <value>Without a value they are served in Development only.</value>
    public bool? Enabled { get; set; }
}
