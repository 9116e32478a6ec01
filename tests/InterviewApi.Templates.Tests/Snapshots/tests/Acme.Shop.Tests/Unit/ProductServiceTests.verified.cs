using Acme.Shop.Core.Http;
using Acme.Shop.Models;
using Acme.Shop.Repositories;
using Acme.Shop.Services;
using Acme.Shop.Tests.Support;

namespace Acme.Shop.Tests.Unit;

/// <summary>The rules of products on a hand-written fake, without a database and without HTTP.</summary>
public sealed class ProductServiceTests
{
    private readonly FakeProductRepository _products = new();
    private readonly AdjustableTimeProvider _time = new();
    private readonly ProductService _service;

    public ProductServiceTests() => _service = new ProductService(_products, _time);

    [Fact]
    public async Task A_change_has_a_new_version_and_time()
    {
        var created = await _service.CreateAsync(Cup(), CancellationToken.None);
        _time.Advance(TimeSpan.FromMinutes(1));

        var change = await _service.UpdateAsync(
            created.Id, product => product.Name = "Mug", product => product.Version == 1, CancellationToken.None);

        Assert.Equal(ChangeStatus.Done, change.Status);
        Assert.Equal(("Mug", 2), (change.Product!.Name, change.Product.Version));
        Assert.InRange(change.Product.UpdatedAt - change.Product.CreatedAt, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task A_failed_precondition_changes_nothing()
    {
        var created = await _service.CreateAsync(Cup(), CancellationToken.None);

        var change = await _service.DeleteAsync(created.Id, _ => false, CancellationToken.None);

        Assert.Equal(ChangeStatus.PreconditionFailed, change.Status);
        Assert.NotNull(await _service.FindAsync(created.Id, CancellationToken.None));
    }

    [Fact]
    public async Task A_product_that_does_not_exist_is_not_found()
    {
        Assert.Equal(ChangeStatus.NotFound, (await _service.DeleteAsync(7, _ => true, CancellationToken.None)).Status);
    }

    [Theory]
    [InlineData(19, ChangeStatus.Done)]
    [InlineData(20, ChangeStatus.Conflict)]
    public async Task A_change_is_attempted_twenty_times(int conflicts, ChangeStatus expected)
    {
        var created = await _service.CreateAsync(Cup(), CancellationToken.None);
        _products.Conflicts = conflicts;

        var change = await _service.UpdateAsync(created.Id, product => product.Name = "Mug", _ => true, CancellationToken.None);

        Assert.Equal(expected, change.Status);
    }

    private static Product Cup() => new() { Name = "Cup", Category = "kitchen", Price = 12.5m };

    /// <summary>Keeps products in memory. What it does not override would need the database that it does not have.</summary>
    private sealed class FakeProductRepository() : ProductRepository(null!)
    {
        private readonly Dictionary<long, Product> _products = [];

        /// <value>How many of the next changes lose to a concurrent one.</value>
        public int Conflicts { get; set; }

        public override Task<Product?> FindAsync(long id, CancellationToken cancellationToken) =>
            Task.FromResult(_products.GetValueOrDefault(id));

        public override Task<Product?> FindForChangeAsync(long id, CancellationToken cancellationToken) =>
            FindAsync(id, cancellationToken);

        public override Task AddAsync(Product product, CancellationToken cancellationToken)
        {
            _products.Add(product.Id, product);
            return Task.CompletedTask;
        }

        public override void Remove(Product product) => _products.Remove(product.Id);

        public override Task<bool> TrySaveAsync(Product product, CancellationToken cancellationToken) =>
            Task.FromResult(Conflicts-- <= 0);
    }
}
