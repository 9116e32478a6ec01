using System.Collections;

namespace InterviewApi.Templates.Tests.Options;

/// <summary>
/// A set of combinations, written as few alternatives over the options that matter:
/// <c>auth=jwt cache=memory|redis, or docker=false</c>.
/// </summary>
internal static class Condition
{
    public const string Always = "always";
    private const string Or = ", or ";

    /// <summary>The shortest expression found for a set; the same set always gives the same text.</summary>
    /// <param name="space">All combinations.</param>
    /// <param name="members">The set.</param>
    /// <param name="within">A larger set, if nobody asks about combinations outside of it: the expression may cover them too.</param>
    public static string Describe(OptionSpace space, BitArray members, BitArray? within = null)
    {
        var matters = Enumerable.Range(0, space.Options.Count)
            .Where(option => Matters(space, members, option) || (within is not null && Matters(space, within, option))).ToArray();
        if (matters.Length == 0)
        {
            return Always;
        }

        // One number stands for all that differ only in options that do not matter.
        var canonical = space.Project(matters);
        var open = new SortedSet<int>(canonical.Where(number => members[number]));
        var outside = canonical.Where(number => !members[number] && (within is null || within[number])).ToArray();
        var alternatives = new List<string>();
        while (open.Count > 0)
        {
            var cube = Widen(space, outside, open.Min, matters);
            open.RemoveWhere(number => Covers(space, cube, number));
            alternatives.Add(Write(space, cube));
        }

        return string.Join(Or, alternatives);
    }

    /// <summary>The set that an expression stands for.</summary>
    public static BitArray Parse(OptionSpace space, string text)
    {
        var members = new BitArray(space.Count);
        foreach (var alternative in text.Split(Or))
        {
            var cube = ParseAlternative(space, alternative);
            for (var number = 0; number < space.Count; number++)
            {
                members[number] |= Covers(space, cube, number);
            }
        }

        return members;
    }

    /// <summary>Whether flipping an option alone ever takes a combination into or out of the set.</summary>
    public static bool Matters(OptionSpace space, BitArray members, int option)
    {
        for (var number = 0; number < space.Count; number++)
        {
            if (members[number] != members[space.With(number, option, 0)])
            {
                return true;
            }
        }

        return false;
    }

    // A cube allows, for each option, a set of value indexes. It starts at one combination and grows while it stays inside.
    private static HashSet<int>[] Widen(OptionSpace space, int[] outside, int start, int[] matters)
    {
        var cube = Enumerable.Range(0, space.Options.Count)
            .Select(option => matters.Contains(option) ? [space.ValueIndex(start, option)] : AllValues(space, option)).ToArray();

        foreach (var option in matters)
        {
            foreach (var value in AllValues(space, option).Except(cube[option]).Order().ToArray())
            {
                cube[option].Add(value);
                if (outside.Any(number => Covers(space, cube, number)))
                {
                    cube[option].Remove(value);
                }
            }
        }

        return cube;
    }

    private static bool Covers(OptionSpace space, HashSet<int>[] cube, int number)
    {
        for (var option = 0; option < cube.Length; option++)
        {
            if (!cube[option].Contains(space.ValueIndex(number, option)))
            {
                return false;
            }
        }

        return true;
    }

    private static HashSet<int> AllValues(OptionSpace space, int option) => [.. Enumerable.Range(0, space.Options[option].Values.Count)];

    private static string Write(OptionSpace space, HashSet<int>[] cube)
    {
        var parts = cube
            .Select((values, option) => (Option: space.Options[option], Values: values))
            .Where(part => part.Values.Count < part.Option.Values.Count)
            .Select(part => $"{part.Option.Flag}={string.Join('|', part.Values.Order().Select(value => part.Option.Values[value]))}");

        return string.Join(' ', parts) is { Length: > 0 } text ? text : Always;
    }

    private static HashSet<int>[] ParseAlternative(OptionSpace space, string text)
    {
        var cube = Enumerable.Range(0, space.Options.Count).Select(option => AllValues(space, option)).ToArray();
        foreach (var part in text.Split(' ').Where(part => part != Always))
        {
            var (flag, values) = part.Split('=') is [var left, var right] ? (left, right.Split('|')) : throw Unknown(text, part);
            var option = space.Options.ToList().FindIndex(o => o.Flag == flag);
            if (option < 0 || values.Any(value => !space.Options[option].Values.Contains(value)))
            {
                throw Unknown(text, part);
            }

            cube[option] = [.. values.Select(value => space.Options[option].Values.ToList().IndexOf(value))];
        }

        return cube;
    }

    private static FormatException Unknown(string text, string part) =>
        new($"'{part}' in '{text}' names no option and value of the template.");
}
