namespace InterviewApi.Models;

/// <summary>Something for sale.</summary>
public sealed class Product
{
    public const int MaxNameLength = 100;
    public const int MaxDescriptionLength = 2000;
    public const int MaxCategoryLength = 50;
    public const int MaxImageFileLength = 40;

    /// <value>Given by the database, and never used again after the product is deleted.</value>
    public long Id { get; init; }

    public required string Name { get; set; }

    public string? Description { get; set; }

    /// <value>In US dollars, with two decimal places.</value>
    public decimal Price { get; set; }

    public required string Category { get; set; }

    /// <value>The name of the image's file, new for each image; null without one.</value>
    public string? ImageFile { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    /// <value>The number of changes, from 1. It is the concurrency token and the entity tag.</value>
    public int Version { get; set; } = 1;
}

/// <summary>Which products to list.</summary>
/// <param name="Text">A part of the name or the description, without regard to case.</param>
/// <param name="Category">The exact category.</param>
public sealed record ProductFilter(string? Text, string? Category);
