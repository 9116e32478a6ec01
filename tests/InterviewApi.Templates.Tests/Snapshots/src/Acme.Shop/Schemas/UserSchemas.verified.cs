using Acme.Shop.Models;

namespace Acme.Shop.Schemas;

/// <summary>A user, as the user sees it.</summary>
public sealed record UserResponse(Guid Id, string Username, string Email, DateTimeOffset CreatedAt)
{
    public static UserResponse From(User user) => new(user.Id, user.Username, user.Email, user.CreatedAt);
}
