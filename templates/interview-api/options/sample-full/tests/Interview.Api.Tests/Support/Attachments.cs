using System.Text;

namespace InterviewApi.Tests.Support;

/// <summary>Uploads of attachments that tests start from.</summary>
public static class Attachments
{
    /// <summary>Sends a form after the API has accepted its headers: a response to a body in flight may be lost.</summary>
    public static Task<HttpResponseMessage> AttachAsync(this HttpClient client, string product, params (byte[] Content, string Name)[] files)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, product + "/attachments") { Content = FormOf(files) };
        request.Headers.ExpectContinue = true;
        return client.SendAsync(request);
    }

    public static MultipartFormDataContent FormOf(params (byte[] Content, string Name)[] files)
    {
        var form = new MultipartFormDataContent();
        foreach (var (content, name) in files)
        {
            form.Add(new ByteArrayContent(content), "files", name);
        }

        return form;
    }

    /// <summary>A form with one file, whose headers are sent as they stand.</summary>
    public static HttpContent RawFormOf(byte[] content, string disposition)
    {
        var body = new ByteArrayContent([
            .. Encoding.UTF8.GetBytes($"--x\r\nContent-Disposition: {disposition}\r\nContent-Type: text/html\r\n\r\n"), .. content, .. "\r\n--x--\r\n"u8]);
        body.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=x");
        return body;
    }
}
