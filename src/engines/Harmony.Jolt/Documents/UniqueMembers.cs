namespace Harmony.Jolt.Documents;

/// <summary>Makes an object of members as they were written, where a key may come twice.</summary>
internal static class UniqueMembers
{
    private const int MaxCompared = 16;

    /// <summary>The last value of a key counts, in the place of the first: what a Java map does, and what most readers of JSON do.</summary>
    /// <exception cref="JoltException">A key comes twice and may not.</exception>
    public static DocObject ToObject(ReadOnlySpan<DocMember> members, bool mayRepeat)
    {
        if (!HasRepeatedKey(members)) return new DocObject(members.ToArray());
        if (!mayRepeat) throw new JoltException("an object of the document has two members of one name");
        var result = new DocObject();
        foreach (var member in members) result.Set(member.Key, member.Value);
        return result;
    }

    private static bool HasRepeatedKey(ReadOnlySpan<DocMember> members)
    {
        if (members.Length > MaxCompared) return HasRepeatedHash(members);
        for (var i = 1; i < members.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (string.Equals(members[i].Key, members[j].Key)) return true;
            }
        }

        return false;
    }

    private static bool HasRepeatedHash(ReadOnlySpan<DocMember> members)
    {
        var seen = new HashSet<string>(members.Length);
        foreach (var member in members)
        {
            if (!seen.Add(member.Key)) return true;
        }

        return false;
    }
}
