using InterviewApi.Templates.Tests.Harness;
using InterviewApi.Templates.Tests.Items;
using InterviewApi.Templates.Tests.Options;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>
/// The first hour of a user: customers, orders that refer to them, rules written by hand on top, a client of a service,
/// jobs and an upload.
/// </summary>
[Trait("Level", "Build")]
public sealed class ResourceTrialTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private const string Submission = """
        using System.Net;
        using System.Net.Http.Json;
        using Acme.Shop.Tests.Support;

        namespace Acme.Shop.Tests.Integration;

        public sealed class SubmissionTests(ApiFactory api) : IClassFixture<ApiFactory>
        {
            [Fact]
            public async Task A_paid_order_is_not_submitted_again()
            {
                var client = await api.CreateWriterAsync();
                var customer = await (await client.PostAsJsonAsync("/api/v2/customers", new { name = "Ada" })).ReadJsonAsync();
                var created = await client.PostAsJsonAsync(
                    "/api/v2/orders",
                    new { customerId = customer.GetProperty("id").GetInt64(), status = "paid", placedAt = "2030-01-31T13:30:00Z" });
                Assert.Equal(HttpStatusCode.Created, created.StatusCode);

                var submitted = await client.PostAsync($"{created.Headers.Location}/submission", null);
                await submitted.ShouldBeProblemAsync(HttpStatusCode.Conflict);
            }

            [Fact]
            public async Task A_draft_is_submitted_once()
            {
                var client = await api.CreateWriterAsync();
                var customer = await (await client.PostAsJsonAsync("/api/v2/customers", new { name = "Ada" })).ReadJsonAsync();
                var created = await client.PostAsJsonAsync(
                    "/api/v2/orders",
                    new { customerId = customer.GetProperty("id").GetInt64(), status = "draft", placedAt = "2030-01-31T13:30:00Z" });

                var responses = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => client.PostAsync($"{created.Headers.Location}/submission", null)));

                Assert.Single(responses, response => response.StatusCode == HttpStatusCode.OK);
                Assert.Equal(4, responses.Count(response => response.StatusCode == HttpStatusCode.Conflict));
                var order = await (await client.GetAsync(created.Headers.Location)).ReadJsonAsync();
                Assert.Equal("Submitted", order.GetProperty("status").GetString());
            }

            [Fact]
            public async Task A_status_that_names_several_values_is_refused()
            {
                var client = await api.CreateWriterAsync();
                var customer = await (await client.PostAsJsonAsync("/api/v2/customers", new { name = "Ada" })).ReadJsonAsync();

                var response = await client.PostAsJsonAsync(
                    "/api/v2/orders",
                    new { customerId = customer.GetProperty("id").GetInt64(), status = "submitted, paid", placedAt = "2030-01-31T13:30:00Z" });

                var problem = await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest);
                Assert.Equal(
                    "The value must be one of Draft, Submitted, Paid.", problem.GetProperty("errors").GetProperty("status")[0].GetString());
            }

            [Theory]
            [InlineData("after=draft", HttpStatusCode.OK)]
            [InlineData("after=SUBMITTED&unless=draft", HttpStatusCode.OK)]
            [InlineData("after=1", HttpStatusCode.BadRequest)]
            [InlineData("", HttpStatusCode.BadRequest)]
            public async Task A_status_is_named_in_any_case(string query, HttpStatusCode expected) =>
                Assert.Equal(expected, (await api.CreateClient().GetAsync($"/api/v2/order-states/next?{query}")).StatusCode);
        }

        """;

    private const string Endpoint = """
        using Acme.Shop.Models;
        using Acme.Shop.Schemas.V2;
        using Acme.Shop.Services;

        namespace Acme.Shop.Api.V2;

        /// <summary>The way of an order from a draft to a customer.</summary>
        public static class OrderSubmissionEndpoints
        {
            public static void MapOrderSubmission(this RouteGroupBuilder api)
            {
                api.MapGet("/order-states/next", GetNextStatus).WithTags("Orders").ProducesValidationProblem();
                api.MapPost("/orders/{id:long}/submission", SubmitOrder)
                    .WithTags("Orders")
                    .ProducesProblem(StatusCodes.Status404NotFound)
                    .ProducesProblem(StatusCodes.Status409Conflict);
            }

            /// <summary>Tells which status follows another one.</summary>
            internal static Ok<OrderStatus> GetNextStatus(OrderStatus after, OrderStatus? unless = null) =>
                TypedResults.Ok(after == OrderStatus.Draft && unless != OrderStatus.Submitted ? OrderStatus.Submitted : OrderStatus.Paid);

            /// <summary>Submits a draft.</summary>
            internal static async Task<Results<Ok<OrderResponse>, ProblemHttpResult>> SubmitOrder(
                long id, OrderService orders, CancellationToken cancellationToken)
            {
                var change = await orders.UpdateAsync(
                    id, order => order.Status = OrderStatus.Submitted, order => order.Status == OrderStatus.Draft, cancellationToken);
                return change switch
                {
                    { Order: { } order } => TypedResults.Ok(OrderResponse.From(order)),
                    { Status: ChangeStatus.PreconditionFailed } => TypedResults.Problem(
                        statusCode: StatusCodes.Status409Conflict, detail: "Only a draft can be submitted."),
                    _ => ChangeProblems.From(change.Status),
                };
            }
        }

        """;

    // What people write in the first hour: warnings while they type, and errors in the pipeline only.
    private const string OrdinaryCode = """
        using System.Linq;
        using System.Text;


        namespace Acme.Shop.Services;
        public class OrderMailer
        {
            private ILogger<OrderMailer> _logger;

            public OrderMailer(ILogger<OrderMailer> logger) { _logger = logger; }

            public string Describe(int id, string[] lines)
            {
                if (lines == null) throw new ArgumentNullException("lines");
                _logger.LogInformation("Order {Id}", id);
                _logger.LogInformation($"Order {id}");
                string text = "";
                for (int i = 0; i < lines.Length; i++)
                    text += lines[i].ToLower() + "\n";
                return String.Format("{0}: {1}", id, text);
            }

            public async Task<int> CountAsync(HttpClient client)
            {
                var body = await client.GetStringAsync("https://example.com");
                return body.Count();
            }
        }
        """;

    [Fact]
    public Task The_items_work_in_the_smallest_project() => TryAsync(
        Suite.Template.Space.FirstWith(
            ("auth", "none"), ("migrations", "false"), ("cache", "none"), ("rate-limiting", "false"), ("websockets", "false"),
                ("docker", "false"), ("nginx", "false"), ("ci", "none"), ("sample", "none")),
        []);

    [Fact]
    public async Task The_items_work_in_the_largest_project()
    {
        Requires.Servers();
        await TryAsync(
            Suite.Template.Space.FirstWith(("database", "postgres"), ("cache", "redis")),
            new()
            {
                ["ConnectionStrings__Database"] = await PostgresServer.ConnectionStringAsync(),
                ["ConnectionStrings__Redis"] = await RedisServer.StartAsync(),
            });
    }

    private static async Task TryAsync(Combination combination, Dictionary<string, string> environment)
    {
        var hive = await TemplateHive.InstalledAsync();
        var project = await hive.GenerateAsync("Acme.Shop", combination);
        Assert.Contains(
            $"<TemplateFlags>{string.Join(' ', combination.ToArguments())}</TemplateFlags>",
            await File.ReadAllTextAsync(Path.Combine(project.WebFolder, "Acme.Shop.csproj")), StringComparison.Ordinal);
        (await project.DotnetAsync(Patience, null, "restore")).EnsureSucceeded();
        await hive.AddResourceAsync(project, "Customer --fields \"Name:string Email:string? SeenAt:datetime?\" --versions both");
        await hive.AddResourceAsync(
            project, "Order --fields \"Customer:ref Status:enum(Draft,Submitted,Paid) PlacedAt:datetime DueOn:date?\"");

        foreach (var item in Items(combination))
        {
            await hive.AddItemAsync(project, item);
        }

        await File.WriteAllTextAsync(Path.Combine(project.WebFolder, "Api/V2/OrderSubmissionEndpoints.cs"), Endpoint);
        await File.WriteAllTextAsync(Path.Combine(project.Folder, "tests/Acme.Shop.Tests/Integration/SubmissionTests.cs"), Submission);
        var version = Path.Combine(project.WebFolder, "Api/V2/ApiV2.cs");
        await File.WriteAllTextAsync(
            version,
            (await File.ReadAllTextAsync(version))
            .Replace("        return api;", "        api.MapOrderSubmission();\n        return api;", StringComparison.Ordinal));
        if (combination.Value("migrations") == "true")
        {
            (await project.DotnetAsync(Patience, null, "tool", "restore")).EnsureSucceeded();
            (
                await project.DotnetAsync(
                    Patience, null, "ef", "migrations", "add", "CreateOrders", "--project", project.WebFolder, "--output-dir",
                    "Core/Data/Migrations")).EnsureSucceeded();
        }

        if (combination.Value("sample") == "none")
        {
            var ordinary = Path.Combine(project.WebFolder, "Services", "OrderMailer.cs");
            await File.WriteAllTextAsync(ordinary, OrdinaryCode);
            var developer = new Dictionary<string, string> { ["CI"] = "" };
            (await project.DotnetAsync(Patience, developer, "build", project.WebFolder, "--disable-build-servers")).EnsureSucceeded();
            File.Delete(ordinary);
        }

        environment["CI"] = "true";
        var tests = AddedResources.TestsOf(
            "CustomerTests", "OrderTests", "SubmissionTests", "ShippingClientTests", "CleanupTests", "InvoicingTests", "PaperScanTests");
        var test = (await project.DotnetAsync(Patience, environment, "test", "--filter", tests, "--nologo", "--disable-build-servers"))
            .EnsureSucceeded();
        Assert.Matches(@"Failed:\s+0, Passed:\s+[1-9]\d+,", test.Output);
        (await project.DotnetAsync(Patience, null, "format", "--verify-no-changes", "--no-restore")).EnsureSucceeded();
        Directory.Delete(project.Folder, recursive: true);
    }

    // A job that follows events needs a project that has some.
    private static string[] Items(Combination combination) =>
    [
        "interview-client --name Shipping",
        "interview-job --name Cleanup",
        "interview-upload --name PaperScan",
        .. combination.Value("sample") == "full" || combination.Value("auth") == "jwt"
            ? (string[])["interview-job --name Invoicing --kind event"] : [],
    ];
}
