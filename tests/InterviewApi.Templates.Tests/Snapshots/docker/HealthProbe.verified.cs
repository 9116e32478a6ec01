#:property PublishAot=false
#:property UseAppHost=false

// The health check of the image, which has no shell and no curl: 0 if this instance may receive requests.
var port = Environment.GetEnvironmentVariable("ASPNETCORE_HTTP_PORTS") ?? "8080";
using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(4) };

try
{
    using var response = await http.GetAsync(new Uri($"http://localhost:{port}/health/ready"));
    Console.WriteLine(await response.Content.ReadAsStringAsync());
    return response.IsSuccessStatusCode ? 0 : 1;
}
catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
{
    Console.WriteLine(exception.Message);
    return 1;
}
