using System.Diagnostics.CodeAnalysis;

namespace Harmony.Jolt.Documents;

/// <summary>A JSON object. Its keys keep the order in which they were set first.</summary>
internal sealed class DocObject : DocContainer
{
    // Comparing short keys in turn, most of which differ in length or are the very same string, is quicker than hashing one and keeping an index.
    private const int MaxUnindexed = 32;

    private DocMember[] _members;
    private ulong _bits; // of the keys (KeyHash.BitOf): while an object is built, most keys that are set are new, and need not be looked for
    private Dictionary<string, int>? _index;

    public DocObject() => _members = [];

    /// <summary>Takes <paramref name="members"/> as its own, without a copy. Their keys differ.</summary>
    public DocObject(DocMember[] members)
    {
        _members = members;
        _bits = ulong.MaxValue;
        Count = members.Length;
    }

    public ReadOnlySpan<DocMember> Members => _members.AsSpan(0, Count);

    /// <summary>The value of <paramref name="key"/>, or <see cref="DocKind.Missing"/>.</summary>
    public DocValue Get(string key)
    {
        var i = IndexOf(key);
        return i < 0 ? default : _members[i].Value;
    }

    public bool Contains(string key) => IndexOf(key) >= 0;

    /// <summary>Sets the value of <paramref name="key"/>: in its place when it is there, else at the end.</summary>
    public void Set(string key, DocValue value)
    {
        var i = IndexOf(key);
        if (i >= 0) SetAt(i, value);
        else Append(key, value);
    }

    /// <summary>Sets the value of the member at <paramref name="index"/>.</summary>
    public void SetAt(int index, DocValue value) => _members[index].Value = value;

    /// <summary>Adds a member whose key is not there yet.</summary>
    public void Append(string key, DocValue value)
    {
        if (Count == _members.Length) Array.Resize(ref _members, Math.Max(4, Count * 2));
        _index?.Add(key, Count);
        _bits |= KeyHash.BitOf(key);
        _members[Count++] = new DocMember(key, value);
    }

    /// <summary>Where <paramref name="key"/> stands, or -1.</summary>
    public int IndexOf(string key)
    {
        if (_bits != ulong.MaxValue && (_bits & KeyHash.BitOf(key)) == 0) return -1;
        return Count > MaxUnindexed ? IndexFor(key) : UniqueMembers.IndexOf(Members, key);
    }

    /// <summary>Removes every member that <paramref name="doomed"/> names; the others keep their order.</summary>
    public void RemoveAll(Predicate<DocMember> doomed)
    {
        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            if (!doomed(_members[i])) _members[kept++] = _members[i];
        }

        _members.AsSpan(kept, Count - kept).Clear();
        Count = kept;
        _index = null;
    }

    /// <summary>A copy that may be changed. What it holds is now held twice, and so marked.</summary>
    public DocObject Copy()
    {
        foreach (var member in Members) member.Value.Share();
        return new DocObject(Members.ToArray());
    }

    private int IndexFor(string key)
    {
        if (_index is null) BuildIndex();
        return _index.GetValueOrDefault(key, -1);
    }

    [MemberNotNull(nameof(_index))]
    private void BuildIndex()
    {
        var index = new Dictionary<string, int>(Count);
        for (var i = 0; i < Count; i++) index[_members[i].Key] = i;
        _index = index;
    }
}

/// <summary>A key and its value.</summary>
internal record struct DocMember(string Key, DocValue Value);

/// <summary>Makes an object of members as they were written, where a key may come twice.</summary>
internal static class UniqueMembers
{
    private const int MaxCompared = 64;

    /// <summary>The last value of a key counts, in the place of the first: what a Java map does, and what most readers of JSON do.</summary>
    /// <exception cref="JoltException">A key comes twice and may not.</exception>
    public static DocObject ToObject(ReadOnlySpan<DocMember> members, bool mayRepeat)
    {
        if (!(members.Length > MaxCompared ? HasRepeatedHash(members) : HasRepeatedKey(members))) return new DocObject(members.ToArray());
        if (!mayRepeat) throw new JoltException("an object of the document has two members with the same name");
        var result = new DocObject();
        foreach (var member in members) result.Set(member.Key, member.Value);
        return result;
    }

    /// <summary>Where <paramref name="key"/> stands, or -1.</summary>
    public static int IndexOf(ReadOnlySpan<DocMember> members, string key)
    {
        for (var i = 0; i < members.Length; i++)
        {
            var other = members[i].Key;
            if (ReferenceEquals(other, key) || (other.Length == key.Length && other.AsSpan().SequenceEqual(key))) return i;
        }

        return -1;
    }

    private static bool HasRepeatedKey(ReadOnlySpan<DocMember> members)
    {
        var bits = 0UL;
        for (var i = 0; i < members.Length; i++)
        {
            var bit = KeyHash.BitOf(members[i].Key);
            if ((bits & bit) != 0 && IndexOf(members[..i], members[i].Key) >= 0) return true;
            bits |= bit;
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
