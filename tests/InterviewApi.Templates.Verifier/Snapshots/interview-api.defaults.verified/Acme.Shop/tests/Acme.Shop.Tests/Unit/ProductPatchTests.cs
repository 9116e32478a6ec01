using Acme.Shop.Models;
using Acme.Shop.Services;

namespace Acme.Shop.Tests.Unit;

public sealed class ProductPatchTests
{
    [Fact]
    public void An_absent_field_stays_and_a_null_is_taken_over()
    {
        var product = new Product { Name = "Cup", Description = "Small", Price = 1, Category = "kitchen" };

        new ProductPatch("Mug", null, default, default).ApplyTo(product);

        Assert.Equal("Mug", product.Name);
        Assert.Null(product.Description);
        Assert.Equal(1, product.Price);
        Assert.Equal("kitchen", product.Category);
    }
}
