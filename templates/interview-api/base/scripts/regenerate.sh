#!/bin/sh
# Turns options on or off, or adopts a newer version of the template pack, by a merge.
#
#   sh scripts/regenerate.sh --FLAG VALUE …             changes these flags and keeps the others
#   sh scripts/regenerate.sh                            the same flags, with the version that is installed
#   sh scripts/regenerate.sh --preview --FLAG VALUE …   only shows which files would change
#
# The branch "template" holds nothing but what the template generates. docs/change.md explains the steps.
set -eu

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

git rev-parse --show-toplevel >/dev/null 2>&1 ||
  fail "This folder is not in a Git repository: run 'git init', and commit the project first."
cd "$(dirname "$0")/.."
[ "$(git rev-parse --show-prefix)" = "" ] ||
  fail "The project must be the root of its repository, because a whole branch holds the generated files."
[ -z "$(git status --porcelain)" ] ||
  fail "There are uncommitted changes. Commit or stash them, so that the merge can be undone."
for solution in *.slnx; do name=${solution%.slnx}; done
read_property() { sed -n "s|.*<$1>\(.*\)</$1>.*|\1|p" "src/$name/$name.csproj"; }
flags=$(read_property TemplateFlags)
[ -n "$flags" ] || fail "src/$name/$name.csproj does not record TemplateFlags: write the flags of the project there first."

preview=false
wanted=$flags
while [ $# -gt 0 ]; do
  case $1 in
    --preview) preview=true ;;
    --*)
      [ $# -gt 1 ] || fail "Write a value after $1."
      wanted="$(printf '%s' "$wanted" | sed "s|$1 [^ ]* *||") $1 $2"
      shift
      ;;
    *) fail "'$1' is no flag." ;;
  esac
  shift
done

folder=$(mktemp -d)
tree=$folder/tree
# A branch that is not merged into yours is deleted again: a preview changes nothing.
unmerged=""
trap 'git worktree remove --force "$tree" 2>/dev/null || true; [ -z "$unmerged" ] || git branch --quiet -D "$unmerged"; rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM

# Writes the project into the empty work tree of the branch, and commits it.
generate() {
  find "$tree" -mindepth 1 -maxdepth 1 ! -name .git -exec rm -rf {} +
  # Each flag and each value is one word.
  # shellcheck disable=SC2086
  dotnet new %template% --name "$name" --output "$tree" --force --no-restore $1 >"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }
  git -C "$tree" add --all
  git -C "$tree" diff --cached --quiet || git -C "$tree" commit --quiet --message "$2"
}

if ! git show-ref --quiet --verify refs/heads/template; then
  # The start of the branch: the project as it was generated, with the same flags and version.
  git worktree add --quiet --detach "$tree" HEAD
  git -C "$tree" checkout --quiet --orphan template
  generate "$flags" "Generate the project with $flags"
  unmerged=template
  generated=$(sed -n 's|.*<TemplateVersion>\(.*\)</TemplateVersion>.*|\1|p' "$tree/src/$name/$name.csproj")
  started=$(read_property TemplateVersion)
  [ "$generated" = "$started" ] ||
    fail "The project was made with version $started of the template, and $generated is installed." \
      "The first time, the branch has to start from the same version: dotnet new install %pack%@$started"
  if [ "$preview" = false ]; then
    git merge --quiet --strategy ours --allow-unrelated-histories --message "Start the branch of what the template generates" template
    unmerged=""
  fi
else
  git worktree add --quiet "$tree" template
fi

before=$(git rev-parse template)
generate "$wanted" "Generate the project with $wanted"
git --no-pager diff --stat "$before" template
if [ "$preview" = true ]; then
  git -C "$tree" reset --quiet --hard "$before"
  exit 0
fi

git merge --quiet --no-edit template || fail \
  "" \
  "These places were changed both by you and by the template. Edit them, then 'git add' them and 'git commit';" \
  "'git merge --abort' takes everything back. docs/change.md says more." \
  "$(git diff --name-only --diff-filter=U)"
