using Acme.Shop.Core.Http;

namespace Acme.Shop.Tests.Unit;

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
