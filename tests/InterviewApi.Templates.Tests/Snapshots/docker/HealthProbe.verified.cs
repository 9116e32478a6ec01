#:sdk Microsoft.NET.Sdk.Web
#:property PublishAot=false
#:property UseAppHost=false

using System.Net;

// The health check of the image, which has no shell and no curl: exits with 0 if this instance may receive requests.
// It asks the first address that the variables of ASP.NET Core tell Kestrel to listen on.
var urls = Environment.GetEnvironmentVariable("ASPNETCORE_URLS");
if (string.IsNullOrWhiteSpace(urls))
{
    urls = $"http://*:{(Environment.GetEnvironmentVariable("ASPNETCORE_HTTP_PORTS") ?? "8080").Split(';')[0]}";
}

// As in Kestrel, a host that is neither localhost nor an IP address stands for every address.
var binding = BindingAddress.Parse(urls.Split(';')[0]);
var isSingle = IPAddress.TryParse(binding.Host, out var ip) && !ip.Equals(IPAddress.Any) && !ip.Equals(IPAddress.IPv6Any);
var ready = new UriBuilder(binding.Scheme, isSingle ? binding.Host : "localhost", binding.Port, "/health/ready").Uri;

try
{
    // No certificate has the name of the loopback address.
    using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true };
    using var http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(4) };
    using var response = await http.GetAsync(ready);
    Console.WriteLine(await response.Content.ReadAsStringAsync());
    return response.IsSuccessStatusCode ? 0 : 1;
}
catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
{
    Console.WriteLine(exception.Message);
    return 1;
}
