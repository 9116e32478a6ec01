using Acme.Shop.Middleware;
using Microsoft.AspNetCore.Http;

namespace Acme.Shop.Tests.Unit;

public sealed class JsonCharsetTests
{
    [Theory]
    [InlineData("application/json", "application/json")]
    [InlineData("application/json; charset=utf-8", "application/json")]
    [InlineData("application/json; charset=\"UTF-8\"", "application/json")]
    [InlineData("application/merge-patch+json; charset=utf-8; v=1", "application/merge-patch+json; v=1")]
    [InlineData("text/plain; charset=latin1", "text/plain; charset=latin1")]
    [InlineData(null, null)]
    public async Task A_JSON_body_is_UTF_8_and_need_not_say_so(string? contentType, string? passedOn)
    {
        var (context, isPassedOn) = await SendAsync(contentType);

        Assert.True(isPassedOn);
        Assert.Equal(passedOn, context.Request.ContentType);
    }

    [Theory]
    [InlineData("application/json; charset=latin1")]
    [InlineData("application/json; charset=nothing")]
    [InlineData("application/merge-patch+json; charset=\"utf-16\"")]
    public async Task Another_charset_is_a_415(string contentType)
    {
        var (context, isPassedOn) = await SendAsync(contentType);

        Assert.False(isPassedOn);
        Assert.Equal(StatusCodes.Status415UnsupportedMediaType, context.Response.StatusCode);
    }

    private static async Task<(HttpContext Context, bool IsPassedOn)> SendAsync(string? contentType)
    {
        var isPassedOn = false;
        var middleware = new JsonCharsetMiddleware(_ =>
        {
            isPassedOn = true;
            return Task.CompletedTask;
        });
        var context = new DefaultHttpContext { Request = { ContentType = contentType } };
        await middleware.InvokeAsync(context);
        return (context, isPassedOn);
    }
}
