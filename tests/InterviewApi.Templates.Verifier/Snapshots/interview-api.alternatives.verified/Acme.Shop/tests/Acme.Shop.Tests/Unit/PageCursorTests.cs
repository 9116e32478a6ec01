using Acme.Shop.Core.Http;

namespace Acme.Shop.Tests.Unit;

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
