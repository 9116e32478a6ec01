using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Acme.Shop.Core.Http;

namespace Acme.Shop.Tests.Unit;

public sealed class MergePatchTests
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { AllowDuplicateProperties = false };

    private static readonly Article Current = new() { Name = "Cup", Note = "Small", Size = new Length { Value = 3, Unit = "cm" } };

    // The example of RFC 7396 section 3, on the members of a request.
    [Theory]
    [InlineData("{}", "Cup", "Small", 3, "cm")]
    [InlineData("""{"note":null}""", "Cup", null, 3, "cm")]
    [InlineData("""{"name":"Mug","other":[1]}""", "Mug", "Small", 3, "cm")]
    [InlineData("""{"NAME":"Mug"}""", "Mug", "Small", 3, "cm")]
    [InlineData("""{"size":{"value":4}}""", "Cup", "Small", 4, "cm")]
    [InlineData("""{"size":{"unit":null}}""", "Cup", "Small", 3, null)]
    public void A_patch_changes_what_it_names(string patch, string name, string? note, int value, string? unit)
    {
        var patched = Read(patch).ApplyTo(Current);

        Assert.Equal((name, note, value, unit), (patched.Name, patched.Note, patched.Size!.Value, patched.Size.Unit));
        Assert.Equal("Cup", Current.Name);
    }

    [Theory]
    [InlineData("""{"name":null}""", "Name")]
    [InlineData("""{"name":"too long"}""", "Name")]
    [InlineData("""{"size":null}""", "Size")]
    [InlineData("""{"size":{"value":null}}""", "Size.Value")]
    [InlineData("""{"name":"","size":{"value":-1}}""", "Name", "Size.Value")]
    public void The_result_is_validated(string patch, params string[] members)
    {
        var exception = Assert.Throws<InvalidRequestException>(() => Read(patch).ApplyTo(Current));

        Assert.Equal(members, exception.Errors.Keys.Order());
    }

    [Theory]
    [InlineData("""{"name":1}""", "$.name")]
    [InlineData("""{"size":{"value":"x"}}""", "$.size.value")]
    [InlineData("""{"name":"a","name":"b"}""", "$.name")]
    [InlineData("[]", "$")]
    [InlineData("\"text\"", "$")]
    public void A_value_of_the_wrong_type_is_not_read(string patch, string path)
    {
        var exception = Assert.Throws<JsonException>(() => Read(patch));

        Assert.Equal(path, exception.Path);
    }

    // JSON may escape half of a character; .NET has no text for it. Each name and text of a patch is read, known or not.
    [Theory]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""{"other":"\ud800"}""")]
    [InlineData("""{"other":{"\udc00":1}}""")]
    [InlineData("""{"other":[{"name":"\ud800"}]}""")]
    public void A_text_that_is_not_valid_Unicode_is_not_read(string patch)
    {
        Assert.Throws<JsonException>(() => Read(patch));
    }

    private static MergePatch<Article> Read(string patch) => JsonSerializer.Deserialize<MergePatch<Article>>(patch, Options)!;

    private sealed record Article
    {
        [Required, StringLength(5)]
        public string? Name { get; init; }

        public string? Note { get; init; }

        [Required]
        public Length? Size { get; init; }
    }

    private sealed record Length
    {
        [Required, Range(0, 10)]
        public int? Value { get; init; }

        public string? Unit { get; init; }
    }
}

public sealed class PreconditionTests
{
    // HttpClient does not send a header without a value; other clients do.
    [Theory]
    [InlineData("", null, false, 412)]
    [InlineData(" ", null, false, 412)]
    [InlineData(null, "", true, 200)]
    [InlineData("\"1\"", "\"2\"", true, 200)]
    [InlineData("\"1\"", "*", false, 304)]
    [InlineData("\"2\"", "\"1\"", false, 412)]
    [InlineData(null, "not a tag", false, 200)]
    [InlineData(null, null, true, 200)]
    public void Both_headers_are_evaluated(string? ifMatch, string? ifNoneMatch, bool allowsChange, int statusOfRead)
    {
        var preconditions = new Preconditions(ifMatch, ifNoneMatch);

        Assert.Equal(allowsChange, preconditions.AllowChange(EntityTags.Of(1)));
        Assert.Equal(statusOfRead, preconditions.StatusOfRead(EntityTags.Of(1)));
    }

    [Theory]
    [InlineData("*", null, false)]
    [InlineData("\"1\"", null, false)]
    [InlineData(null, "*", true)]
    [InlineData(null, "\"1\"", true)]
    public void What_does_not_exist_matches_nothing(string? ifMatch, string? ifNoneMatch, bool allowsChange)
    {
        Assert.Equal(allowsChange, new Preconditions(ifMatch, ifNoneMatch).AllowChange(null));
    }
}

public sealed class PageCursorTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(long.MaxValue)]
    public void A_cursor_leads_back_to_its_id(long id)
    {
        Assert.True(PageCursor.TryDecode(PageCursor.Encode(id), out var decoded));
        Assert.Equal(id, decoded);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAA")]
    [InlineData("a b")]
    [InlineData("AAAAAAAAAAE=")]
    [InlineData(" AAAAAAAAAAE")]
    [InlineData("AAAAAAAAAAF")]
    [InlineData("__________8")]
    [InlineData("ü")]
    public void Other_text_is_no_cursor(string text)
    {
        Assert.False(PageCursor.TryDecode(text, out _));
    }
}
