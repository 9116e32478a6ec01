using System.Globalization;

namespace InterviewApi.Templates.Tests.Assignments;

/// <summary>A token of the kit's files, and what stands for it in each domain or variant.</summary>
/// <param name="Symbol">The name of the symbol in template.json.</param>
/// <param name="Token">What is replaced.</param>
/// <param name="Values">One value for each domain, or one for each digit of the variant.</param>
internal sealed record Draw(string Symbol, string Token, params string[] Values);

/// <summary>The words that a domain chooses, and the constants that a variant draws.</summary>
internal static class AssignmentDraws
{
    public static IReadOnlyList<string> Domains { get; } = ["orders", "bookings", "loans", "tickets"];

    public static IReadOnlyList<string> Levels { get; } = ["junior", "mid", "senior"];

    /// <summary>In the order of <see cref="Levels"/>.</summary>
    public static IReadOnlyList<Draw> ByLevel { get; } =
    [
        new("points", "%points%", "36", "49", "48"),
        new("hiddenPoints", "%hidden points%", "20", "30", "36"),
    ];

    /// <value>The time box in hours, in the order of <see cref="Levels"/>.</value>
    public static IReadOnlyList<string> Hours { get; } = ["3", "4", "5"];

    /// <summary>In the order of <see cref="Domains"/>.</summary>
    public static IReadOnlyList<Draw> ByDomain { get; } =
    [
        new("resource", "Gadget", "Order", "Booking", "Loan", "Ticket"),
        new("resourceWord", "gadget", "order", "booking", "loan", "ticket"),
        new("parent", "Keeper", "Customer", "Room", "Member", "Project"),
        new("parentWord", "keeper", "customer", "room", "member", "project"),
        new("withArticle", "%a gadget%", "an order", "a booking", "a loan", "a ticket"),
        new("sentenceWithArticle", "%A gadget%", "An order", "A booking", "A loan", "A ticket"),
        new("amount", "Quantity", "Quantity", "Guests", "Days", "Effort"),
        new("amountWord", "quantity", "quantity", "guests", "days", "effort"),
        new("amountMeaning", "%quantity meaning%",
            "the number of pieces", "the number of guests", "the number of days", "the estimate in hours"),
        new("story", "%story%",
            "Our sales team takes orders by phone and enters them into a spreadsheet. Each customer uses their own order numbers, two people have lost each other's changes, and nobody can say which orders are still open. You build the service that replaces the spreadsheet.",
            "Our office books its meeting rooms in a shared calendar. Each room has its own list, entries get lost, and nobody can say which bookings are still open. You build the service that replaces the calendar.",
            "Our library writes its loans on cards. Each member has a box of cards, cards get lost, and nobody can say which loans are still open. You build the service that replaces the cards.",
            "Our support team keeps its tickets in a mailbox. Each project numbers its tickets itself, e-mails get lost, and nobody can say which tickets are still open. You build the service that replaces the mailbox."),
        new("storyOfUsers", "%story of users%",
            "Our salespeople take orders by phone and enter them into a spreadsheet that all of them can change. Two people have lost each other's changes, and nobody can say who moved an order on, and when. You build the service that replaces the spreadsheet; its first version has clients.",
            "Our office staff enter bookings into a calendar that all of them can change. Two people have lost each other's changes, and nobody can say who moved a booking on, and when. You build the service that replaces the calendar; its first version has clients.",
            "Our librarians write loans on cards in a box that all of them can reach. Two people have lost each other's changes, and nobody can say who moved a loan on, and when. You build the service that replaces the cards; its first version has clients.",
            "Our support staff keep tickets in a mailbox that all of them can change. Two people have lost each other's changes, and nobody can say who moved a ticket on, and when. You build the service that replaces the mailbox; its first version has clients."),
        new("storyOfInstances", "%story of instances%",
            "Our shops send their orders to a service that runs twice, behind a proxy. When the network fails they send an order again, and some orders are delivered twice. The daily totals never match the orders, and each night a large file of orders brings the service down. You build the service that replaces it.",
            "Our offices send their bookings to a service that runs twice, behind a proxy. When the network fails they send a booking again, and some rooms are booked twice. The daily totals never match the bookings, and each night a large file of bookings brings the service down. You build the service that replaces it.",
            "Our branches send their loans to a service that runs twice, behind a proxy. When the network fails they send a loan again, and some loans are counted twice. The daily totals never match the loans, and each night a large file of loans brings the service down. You build the service that replaces it.",
            "Our tools send their tickets to a service that runs twice, behind a proxy. When the network fails they send a ticket again, and some tickets are solved twice. The daily totals never match the tickets, and each night a large file of tickets brings the service down. You build the service that replaces it."),
    ];

    /// <summary>Drawn by the last digit of the variant.</summary>
    public static IReadOnlyList<Draw> ByUnits { get; } =
    [
        new("prefix", "%prefix%", "LW", "AB", "CK", "DX", "EN", "FR", "GT", "HV", "JM", "KP"),
        new("maxQuantity", "%max quantity%", "120", "20", "25", "30", "40", "50", "60", "75", "80", "90"),
        new("maxName", "%max name%", "64", "40", "50", "60", "70", "80", "90", "100", "110", "120"),
        new("maxPageSize", "%max page size%", "95", "50", "60", "40", "80", "100", "45", "64", "75", "90"),
        new("firstState", "FirstState", "Planned", "Draft", "Created", "New", "Pending", "Planned", "Draft", "Created", "New", "Pending"),
        new("secondState", "SecondState",
            "Approved", "Active", "Accepted", "Confirmed", "Started", "Approved", "Active", "Accepted", "Confirmed", "Started"),
        new("lastState", "LastState",
            "Canceled", "Closed", "Completed", "Finished", "Archived", "Canceled", "Closed", "Completed", "Finished", "Archived"),
    ];

    /// <summary>Drawn by the digit before it.</summary>
    public static IReadOnlyList<Draw> ByTens { get; } =
    [
        new("digits", "%digits%", "4", "5", "6", "4", "5", "6", "4", "5", "6", "7"),
        new("firstNumber", "%first number%", "0001", "00001", "000001", "0001", "00001", "000001", "0001", "00001", "000001", "0000001"),
        new("maxNote", "%max note%", "200", "120", "140", "160", "180", "220", "240", "250", "280", "300"),
        new("defaultPageSize", "%default page size%", "10", "12", "15", "20", "25", "8", "16", "18", "24", "30"),
        new("maxKibibytes", "%max kibibytes%", "256", "64", "96", "128", "160", "192", "200", "320", "384", "512"),
    ];

    /// <summary>The value of each token in a rendering.</summary>
    public static IEnumerable<(string Token, string Value)> Of(string level, string domain, int variant)
    {
        var text = variant.ToString("00", CultureInfo.InvariantCulture);
        return ByLevel.Select(draw => (draw.Token, draw.Values[Levels.ToList().IndexOf(level)]))
            .Concat(ByDomain.Select(draw => (draw.Token, draw.Values[Domains.ToList().IndexOf(domain)])))
            .Concat(ByUnits.Select(draw => (draw.Token, draw.Values[text[^1] - '0'])))
            .Concat(ByTens.Select(draw => (draw.Token, draw.Values[text[^2] - '0'])));
    }
}
