/// <summary>Random data.</summary>
public static class Data
{
    private const int Digits = %digits%;
    private static readonly HashSet<int> Used = [];

    public static string Text(int length) => Random.Shared.GetString("abcdefghijklmnopqrstuvwxyz", length);

    /// <summary>Several references in random order. None of a run is the same as another.</summary>
    public static string[] References(int count)
    {
        var numbers = new List<int>();
        while (numbers.Count < count)
        {
            var number = Random.Shared.Next((int)Math.Pow(10, Digits));
            if (Used.Add(number))
            {
                numbers.Add(number);
            }
        }

        return [.. numbers.Select(number => $"%prefix%-{number.ToString($"D{Digits}")}")];
    }

    public static string Reference() => References(1)[0];
}
