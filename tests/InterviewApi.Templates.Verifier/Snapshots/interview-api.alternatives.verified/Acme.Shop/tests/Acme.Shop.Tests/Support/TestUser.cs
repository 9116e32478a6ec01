namespace Acme.Shop.Tests.Support;

/// <summary>Somebody with an account, or about to get one.</summary>
public sealed record TestUser(string Username, string Email, string Password)
{
    /// <summary>A user whom no other test knows.</summary>
    public static TestUser Create()
    {
        var name = $"user-{Guid.NewGuid():N}";
        return new(name, $"{name}@example.com", "correct horse battery staple");
    }
}
