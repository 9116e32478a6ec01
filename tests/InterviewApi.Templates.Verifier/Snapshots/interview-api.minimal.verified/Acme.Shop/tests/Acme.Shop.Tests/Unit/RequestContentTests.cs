using Acme.Shop.Middleware;
using Microsoft.AspNetCore.Http;

namespace Acme.Shop.Tests.Unit;

public sealed class RequestContentTests
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

    [Theory]
    [InlineData("gzip", false)]
    [InlineData("identity, br", false)]
    [InlineData("unknown", false)]
    [InlineData("Identity", true)]
    [InlineData("", true)]
    public async Task A_content_coding_is_a_415(string contentEncoding, bool isAccepted)
    {
        var (context, isPassedOn) = await SendAsync("application/json", contentEncoding);

        Assert.Equal(isAccepted, isPassedOn);
        Assert.Equal(isAccepted ? "" : "identity", context.Response.Headers.AcceptEncoding.ToString());
    }

    private static async Task<(HttpContext Context, bool IsPassedOn)> SendAsync(
        string? contentType, string? contentEncoding = null)
    {
        var isPassedOn = false;
        var middleware = new RequestContentMiddleware(_ =>
        {
            isPassedOn = true;
            return Task.CompletedTask;
        });
        var context = new DefaultHttpContext { Request = { ContentType = contentType } };
        if (contentEncoding is not null)
        {
            context.Request.Headers.ContentEncoding = contentEncoding;
        }

        await middleware.InvokeAsync(context);
        return (context, isPassedOn);
    }
}
