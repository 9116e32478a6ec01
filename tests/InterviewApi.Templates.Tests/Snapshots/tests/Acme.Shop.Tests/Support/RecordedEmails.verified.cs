using System.Collections.Concurrent;
using Acme.Shop.Core.Email;

namespace Acme.Shop.Tests.Support;

/// <summary>Keeps e-mails instead of sending them.</summary>
public sealed class RecordedEmails : IEmailSender
{
    private readonly ConcurrentQueue<Email> _emails = new();

    /// <value>How many more messages fail before one is kept.</value>
    public int Failures { get; set; }

    public Task SendAsync(Email email, CancellationToken cancellationToken)
    {
        if (Failures-- > 0)
        {
            throw new IOException("The mail server is unavailable.");
        }

        _emails.Enqueue(email);
        return Task.CompletedTask;
    }

    public IReadOnlyList<Email> To(TestUser user) =>
        [.. _emails.Where(email => email.To == user.Email && email.Id.StartsWith("reset.", StringComparison.Ordinal))];

    /// <summary>Waits for a number of password resets, and returns the token of the last one.</summary>
    public async Task<string> ReadTokenAsync(TestUser user, int count = 1)
    {
        await Eventually.HoldsAsync(() => To(user).Count >= count);
        var line = To(user)[^1].Text.Split('\n')[4].Trim();
        return line[(line.LastIndexOf('=') + 1)..];
    }
}
