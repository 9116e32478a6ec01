using System.Net;
using System.Net.Http.Headers;
using InterviewApi.Dependencies;
using InterviewApi.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace InterviewApi.Tests.Integration;

public sealed class PaperScanTests : IAsyncLifetime
{
    private const string PaperScans = "/api/v2/paper-scans";
    private static readonly byte[] Pdf = [.. "%PDF-1.7\n"u8, .. new byte[1000]];

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly ApiFactory _api = new();
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        // The limits of the body are those of the real server.
        await _api.With("PaperScans:Path", _folder).With("PaperScans:MaxBytes", "2000000").OnNetwork().StartAsync();
        _client = await _api.CreateWriterAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_is_uploaded_can_be_read_and_deleted()
    {
        var created = await UploadAsync(Pdf);

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var read = await _client.GetAsync(created.Headers.Location);
        Assert.Equal("application/pdf", read.Content.Headers.ContentType?.MediaType);
        Assert.Equal("attachment", read.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal(Pdf, await read.Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.NoContent, (await _client.DeleteAsync(created.Headers.Location)).StatusCode);
        await (await _client.GetAsync(created.Headers.Location)).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await _client.DeleteAsync(created.Headers.Location)).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task The_size_is_limited_here_and_not_by_the_limit_of_other_endpoints()
    {
        Assert.Equal(HttpStatusCode.Created, (await UploadAsync([.. Pdf, .. new byte[1_500_000]])).StatusCode);

        await (await UploadAsync([.. Pdf, .. new byte[2_000_000]])).ShouldBeProblemAsync(HttpStatusCode.RequestEntityTooLarge);
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task The_content_decides_and_not_the_name_or_the_declared_type()
    {
        await (await UploadAsync([.. "<html>"u8])).ShouldBeProblemAsync(HttpStatusCode.UnsupportedMediaType);

        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task An_empty_file_and_a_form_without_one_are_refused()
    {
        await (await UploadAsync([])).ShouldRefuseAsync("file");
        using var other = new MultipartFormDataContent { { new StringContent("text"), "text" } };
        await (await _client.PostAsync(PaperScans, other)).ShouldBeProblemAsync(HttpStatusCode.BadRequest);
        using var json = new StringContent("{}", new MediaTypeHeaderValue("application/json"));
        await (await _client.PostAsync(PaperScans, json)).ShouldBeProblemAsync(HttpStatusCode.UnsupportedMediaType);
    }

    public static TheoryData<string> NamesOfNothing =>
        ["..%2Fappsettings.json", "..%5Cappsettings.json", "nothing.pdf", new string('a', 300)];

    [Theory]
    [MemberData(nameof(NamesOfNothing))]
    public async Task A_name_leads_nowhere_else(string name)
    {
        await (await _client.GetAsync($"{PaperScans}/{name}")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await _client.DeleteAsync($"{PaperScans}/{name}")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_stops_the_start_and_refuses_uploads()
    {
        Directory.Delete(_folder);
        await File.WriteAllTextAsync(_folder, "");
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration["PaperScans:Path"] = _folder;
        builder.Services.AddPaperScans();
        using var provider = builder.Services.BuildServiceProvider();

        var exception = Assert.Throws<OptionsValidationException>(provider.GetRequiredService<IStartupValidator>().Validate);
        var upload = await UploadAsync(Pdf);
        File.Delete(_folder);
        Directory.CreateDirectory(_folder);

        Assert.StartsWith("PaperScans__Path: ", Assert.Single(exception.Failures), StringComparison.Ordinal);
        await upload.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable);
    }

    private async Task<HttpResponseMessage> UploadAsync(byte[] content)
    {
        using var file = new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue("application/pdf") } };
        using var form = new MultipartFormDataContent { { file, "file", "file.pdf" } };
        return await _client.PostAsync(PaperScans, form);
    }
}
